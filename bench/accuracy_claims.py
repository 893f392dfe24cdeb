"""Verdicts of the claim checker on real printed claims and on numbers that are no claims: `make accuracy-claims`.

The sentences are written for this set from claims that were really printed; each names its source. Sets called
"developed" were used while the checker was written, sets called "held" were written and first run afterwards.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from claims_world import make_world, read_register
from report import Row, write_report

from answerable.claims import check_itself, check_text
from answerable.model import Claim, Figure, Survey

FOLDER = Path(__file__).resolve().parent / "claims"
PASSED = {"supported", "rounds"}
WRONG = {"contradicted", "reverses", "ratio_as_rise", "wrong_base", "not_like_for_like"}


def read_worlds() -> dict[str, tuple[Survey, tuple[Figure, ...]]]:
    """Every world of bench/claims by its file's stem."""
    return {path.stem: make_world(json.loads(path.read_text())) for path in sorted(FOLDER.glob("world-*.json"))}


def check_item(item: dict[str, Any], worlds: dict[str, tuple[Survey, tuple[Figure, ...]]]) -> tuple[Claim, ...]:
    """The claims of one item's text, against its world or itself."""
    if item["checked"] == "itself":
        return check_itself(item["text"], read_register())
    survey, figures = worlds[item["checked"]]
    return check_text(item["text"], figures, survey)


def find_claim(claims: tuple[Claim, ...], text: str, nth: int = 1) -> Claim | None:
    """The claim whose text is, or holds, or lies in the words expected."""
    exact = [claim for claim in claims if claim.text.lower() == text.lower()]
    loose = [claim for claim in claims if text.lower() in claim.text.lower() or claim.text.lower() in text.lower()]
    found = exact if len(exact) >= nth else [c for c in loose if c not in exact]
    at = nth if found is exact else 1
    return found[at - 1] if len(found) >= at else None


def score_set(path: Path, worlds: dict[str, tuple[Survey, tuple[Figure, ...]]]) -> Counter[str]:
    """How many verdicts of a file agree, differ, or were passed as true where they are wrong."""
    counts: Counter[str] = Counter()
    for item in json.loads(path.read_text()):
        claims = check_item(item, worlds)
        for expected in item["claims"]:
            claim = find_claim(claims, expected["text"], expected.get("nth", 1))
            verdict = claim.verdict if claim else "not found"
            counts["all"] += 1
            counts["agree"] += verdict == expected["verdict"]
            counts["passed"] += expected["verdict"] in WRONG and verdict in PASSED
            if verdict != expected["verdict"] and "-v" in sys.argv:
                why = f"{claim.computed} | {claim.explanation}" if claim else ""
                print(f"{path.stem}/{item['id']}: {expected['text']!r} {expected['verdict']} -> {verdict} {why}")
    return counts


def count_mutants(path: Path, worlds: dict[str, tuple[Survey, tuple[Figure, ...]]]) -> tuple[int, int]:
    """How many true claims still pass after their number is changed by a third and more, and how many there are."""
    passed = n = 0
    for item in json.loads(path.read_text()):
        claims = check_item(item, worlds)
        for claim in claims:
            digits = re.search(r"\d[\d,]*", claim.text)
            if claim.verdict not in PASSED or digits is None or (item["checked"] == "itself" and claim.type == "total"):
                continue
            value = int(digits[0].replace(",", ""))
            at = claim.span[0] + digits.start()
            for changed in (round(value * 1.37) + 1, round(value * 0.6)):
                text = f"{item['text'][:at]}{changed:,}{item['text'][at + len(digits[0]) :]}"
                again = [c for c in check_item({**item, "text": text}, worlds) if c.span[0] <= at < c.span[1]]
                n += 1
                if any(c.verdict in PASSED for c in again):
                    passed += 1
                    if "-v" in sys.argv:
                        print(f"{path.stem}/{item['id']}: {claim.text!r} still {again[0].verdict} as {changed:,}")
    return passed, n


def count_reported(path: Path) -> tuple[int, int]:
    """How many of the non-claim numbers of a file were reported as claims, and how many there are."""
    items = json.loads(path.read_text())
    worlds = read_worlds()
    survey, figures = worlds["world-cyber-flag"]
    reported = 0
    for item in items:
        start = item["text"].index(item["number"])
        end = start + len(item["number"])
        for claims in (check_text(item["text"], figures, survey), check_itself(item["text"], read_register())):
            hit = [claim for claim in claims if claim.span[0] < end and start < claim.span[1]]
            if hit:
                reported += 1
                if "-v" in sys.argv:
                    print(f"{path.stem}: {item['number']!r} in {item['text']!r} reported as {hit[0].type}")
                break
    return reported, len(items)


def main() -> None:
    """Score every set and write bench/accuracy-claims.json."""
    worlds = read_worlds()
    rows = []
    total: Counter[str] = Counter()
    for path in sorted([*FOLDER.glob("real-*.json"), *FOLDER.glob("made-*.json")]):
        counts = score_set(path, worlds)
        total += counts
        share = counts["agree"] / counts["all"]
        rows.append(Row(name=path.stem, metric="verdicts compared", value=counts["all"]))
        rows.append(Row(name=path.stem, metric="agreement", value=round(share, 4), bar=">= 0.95", holds=share >= 0.95))
        rows.append(
            Row(
                name=path.stem,
                metric="wrong, passed as true",
                value=counts["passed"],
                bar="0",
                holds=not counts["passed"],
            )
        )
    for path in sorted([*FOLDER.glob("real-*.json"), *FOLDER.glob("made-*.json")]):
        passed, n = count_mutants(path, worlds)
        rows.append(
            Row(name=path.stem, metric=f"changed numbers passed, of {n}", value=passed, bar="0", holds=not passed)
        )
    share = total["agree"] / total["all"]
    rows.append(Row(name="all sets", metric="agreement", value=round(share, 4), bar=">= 0.95", holds=share >= 0.95))
    for path in sorted(FOLDER.glob("nonclaims-*.json")):
        reported, n = count_reported(path)
        rows.append(Row(name=path.stem, metric=f"reported of {n}", value=reported, bar="0", holds=not reported))
    first = FOLDER / "first-run.json"
    if first.is_file():
        for name, result in json.loads(first.read_text()).items():
            rows.append(Row(name=name, metric=result["metric"], value=result["value"]))
    write_report("accuracy-claims", rows)


if __name__ == "__main__":
    main()

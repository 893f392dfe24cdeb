"""Verdicts of the claim checker on real printed claims and on numbers that are no claims: `make accuracy-claims`.

The sentences are written for this set from claims that were really printed; each names its source. Sets called
"developed" were used while the checker was written, sets called "held" were written and first run afterwards.
"""

import json
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from claims_world import build_world, make_world, read_register
from report import Row, write_report

from answerable.claims import check_itself, check_text
from answerable.model import Claim, Figure, Survey

FOLDER = Path(__file__).resolve().parent / "claims"
PASSED = {"supported", "rounds"}
WRONG = {"contradicted", "reverses", "ratio_as_rise", "wrong_base", "not_like_for_like"}


def read_worlds() -> dict[str, tuple[Survey, tuple[Figure, ...]]]:
    """Every world of bench/claims by its file's stem, and the bundled surveys as they are built."""
    worlds = {path.stem: make_world(json.loads(path.read_text())) for path in sorted(FOLDER.glob("world-*.json"))}
    return worlds | {f"survey:{name}": build_world(name) for name in ("cyber-flag", "sexual-communication")}


def check_item(item: dict[str, Any], worlds: dict[str, tuple[Survey, tuple[Figure, ...]]]) -> tuple[Claim, ...]:
    """The claims of one item's text, against its world or itself."""
    if item["checked"] == "itself":
        return check_itself(item["text"], read_register())
    survey, figures = worlds[item["checked"]]
    return check_text(item["text"], figures, survey)


def find_claim(claims: tuple[Claim, ...], text: str, nth: int = 1, start: int | None = None) -> Claim | None:
    """The claim whose text is, or holds, or lies in the words expected; with `start`, the one over most of them."""
    if start is not None:
        end = start + len(text)
        over = [(min(end, c.span[1]) - max(start, c.span[0]), c.span[0] - c.span[1], c) for c in claims]
        best = max(over, key=lambda item: item[:2], default=None)
        return best[2] if best and best[0] > 0 else None
    exact = [claim for claim in claims if claim.text.lower() == text.lower()]
    loose = [claim for claim in claims if text.lower() in claim.text.lower() or claim.text.lower() in text.lower()]
    found = exact if len(exact) >= nth else [c for c in loose if c not in exact]
    at = nth if found is exact else 1
    return found[at - 1] if len(found) >= at else None


def score_set(path: Path, worlds: dict[str, tuple[Survey, tuple[Figure, ...]]]) -> Counter[str]:
    """How many verdicts of a file agree, differ, or were passed as true where they are wrong; how many are extra."""
    counts: Counter[str] = Counter()
    for item in json.loads(path.read_text()):
        claims = check_item(item, worlds)
        for expected in item["claims"]:
            if expected["verdict"] == "any":
                continue
            claim = find_claim(claims, expected["text"], expected.get("nth", 1), expected.get("start"))
            verdict = claim.verdict if claim else "not found"
            counts["all"] += 1
            counts["agree"] += verdict == expected["verdict"]
            counts["passed"] += expected["verdict"] in WRONG and verdict in PASSED
            if verdict != expected["verdict"] and "-v" in sys.argv:
                why = f"{claim.computed} | {claim.explanation}" if claim else ""
                print(f"{path.stem}/{item['id']}: {expected['text']!r} {expected['verdict']} -> {verdict} {why}")
        counts["marked"] += any("start" in e for e in item["claims"])
        spans = [(e["start"], e["start"] + len(e["text"])) for e in item["claims"] if "start" in e]
        for claim in claims if spans else ():
            if not any(claim.span[0] < end and start < claim.span[1] for start, end in spans):
                counts["extra"] += 1
                if "-v" in sys.argv:
                    print(f"{path.stem}/{item['id']}: {claim.text!r} is no claim, {claim.type} {claim.verdict}")
    return counts


def count_mutants(path: Path, worlds: dict[str, tuple[Survey, tuple[Figure, ...]]]) -> tuple[int, int]:
    """How many true claims still pass after their number is changed by a third and more, and how many there are."""
    passed = n = 0
    for item in json.loads(path.read_text()):
        claims = check_item(item, worlds)
        for claim in claims:
            digits = re.fullmatch(r"\D*(\d[\d,]*)\D*", claim.text)
            if claim.verdict not in PASSED or digits is None or (item["checked"] == "itself" and claim.type == "total"):
                continue
            value = int(digits[1].replace(",", ""))
            at = claim.span[0] + digits.start(1)
            for changed in (round(value * 1.37) + 1, round(value * 0.6)):
                text = f"{item['text'][:at]}{changed:,}{item['text'][at + len(digits[1]) :]}"
                again = [c for c in check_item({**item, "text": text}, worlds) if c.span[0] <= at < c.span[1]]
                n += 1
                if any(c.verdict in PASSED for c in again):
                    passed += 1
                    if "-v" in sys.argv:
                        print(f"{path.stem}/{item['id']}: {claim.text!r} still {again[0].verdict} as {changed:,}")
    return passed, n


def count_exchanged(path: Path, worlds: dict[str, tuple[Survey, tuple[Figure, ...]]]) -> tuple[int, int]:
    """How many pairs of true counts of one sentence both still pass when they are exchanged, and how many there are."""
    passed = n = 0
    for item in json.loads(path.read_text()):
        if item["checked"] == "itself":
            continue
        text = item["text"]
        counts = [c for c in check_item(item, worlds) if c.verdict == "supported" and re.fullmatch(r"\d[\d,]*", c.text)]
        for one, two in pairwise(counts):
            between = text[one.span[1] : two.span[0]]
            if one.text == two.text or re.search(r"[.!?]\s|\n", between):
                continue
            changed = text[: one.span[0]] + two.text + between + one.text + text[two.span[1] :]
            again = check_item({**item, "text": changed}, worlds)
            hit = [c for c in again if c.type in {"total", "threshold", "sum"}]
            ends = {one.span[0], two.span[0] + len(two.text) - len(one.text)}
            n += 1
            if {c.span[0] for c in hit if c.verdict in PASSED} >= ends and not any(c.verdict in WRONG for c in again):
                passed += 1
                if "-v" in sys.argv:
                    print(f"{path.stem}/{item['id']}: {one.text} and {two.text} exchanged still pass")
    return passed, n


def count_reported(path: Path) -> tuple[int, int]:
    """How many of the non-claim numbers of a file were reported as claims, and how many there are."""
    items = json.loads(path.read_text())
    worlds = read_worlds()
    survey, figures = worlds["world-cyber-flag"]
    reported = 0
    for item in items:
        start = item.get("start", item["text"].index(item["number"]))
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
    only = [name for name in sys.argv[1:] if not name.startswith("-")]
    paths = sorted([*FOLDER.glob("real-*.json"), *FOLDER.glob("made-*.json")])
    paths = [path for path in paths if not only or path.stem in only]
    for path in paths:
        counts = score_set(path, worlds)
        total += counts
        share = counts["agree"] / counts["all"]
        if counts["marked"]:
            rows.append(Row(name=path.stem, metric="numbers reported that are no claim", value=counts["extra"]))
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
    for path in paths if not only else ():
        for kind, count in (("changed numbers", count_mutants), ("exchanged counts", count_exchanged)):
            passed, n = count(path, worlds)
            rows.append(Row(name=path.stem, metric=kind, value=n))
            rows.append(Row(name=path.stem, metric=f"{kind} passed", value=passed, bar="0", holds=not passed))
    share = total["agree"] / total["all"]
    rows.append(Row(name="all sets", metric="agreement", value=round(share, 4), bar=">= 0.95", holds=share >= 0.95))
    for path in sorted(FOLDER.glob("nonclaims-*.json")):
        if only and path.stem not in only:
            continue
        reported, n = count_reported(path)
        rows.append(Row(name=path.stem, metric=f"reported of {n}", value=reported, bar="0", holds=not reported))
    first = FOLDER / "first-run.json"
    if first.is_file():
        for name, result in json.loads(first.read_text()).items():
            value, agreed = result["value"], result["metric"].startswith("agreement")
            bar, holds = (">= 0.95", value >= 0.95) if agreed else ("0", not value)
            rows.append(Row(name=name, metric=result["metric"], value=value, bar=bar, holds=holds))
    if not only:
        write_report("accuracy-claims", rows)
        return
    for row in rows:
        print(row.name, row.metric, row.value)


if __name__ == "__main__":
    main()

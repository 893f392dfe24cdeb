"""One's own releases, read by the checker as a stranger would read them -> findings, and what nothing could check.

The last step before an edition is kept. `stories` proves at every build that each number is one of the figures its
sentence names; this proves that a reader who binds the words to places, periods and editions finds the same. The
trap: a number that is right and stands in a sentence that reads as another place's is wrong in print.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from answerable.claims.checking import WRONG, check_against
from answerable.claims.reading import Topic
from answerable.claims.sentences import split_sentences
from answerable.model import Claim, Finding

BORNE_OUT = frozenset({"supported", "rounds", "understated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What checking one's own releases found: how many texts, claims by verdict, a Finding for each that is not borne
    out (at `error` where it is refuted), and the sentences, with their claim, that nothing could be held against."""

    texts: int
    verdicts: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[tuple[str, str], ...]


def check_releases(texts: Mapping[str, str], topic: Topic) -> Proof:
    """The Proof of every release by its name, in order; a claim that is refuted is a Finding at error."""
    counts: Counter[str] = Counter()
    findings: list[Finding] = []
    unchecked: dict[tuple[str, str], None] = {}
    for name in sorted(texts):
        for claim, sentence in _read_claims(texts[name], topic):
            counts[claim.verdict] += 1
            if claim.verdict == "not_checkable":
                unchecked.setdefault((claim.text, sentence))
            elif claim.verdict not in BORNE_OUT:
                findings.append(_report(name, claim, sentence))
    return Proof(
        texts=len(texts), verdicts=tuple(sorted(counts.items())), findings=tuple(findings), unchecked=tuple(unchecked)
    )


def _read_claims(text: str, topic: Topic) -> Iterator[tuple[Claim, str]]:
    spans = [(sentence.start, sentence.end) for sentence in split_sentences(text)]
    for claim in check_against(text, topic):
        start, end = next(((a, b) for a, b in spans if a <= claim.span[0] < b), claim.span)
        yield claim, " ".join(text[start:end].split())


def _report(name: str, claim: Claim, sentence: str) -> Finding:
    word = claim.verdict.replace("_", "-")
    message = (
        f'{name}: "{claim.text}" in "{sentence}" is {claim.verdict.replace("_", " ")}: {claim.explanation} '
        "Correct the figure or the reply behind it; if both are right, report this as a fault of Answerable."
    )
    return Finding(
        check=f"claim-{word}", severity="error" if claim.verdict in WRONG else "warning", message=message, subject=""
    )

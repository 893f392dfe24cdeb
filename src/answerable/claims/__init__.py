"""Numbers in prose against figures: every numeric claim of an article, what it was bound to, and a verdict.

Stands after the figures and before the stories, so that what is published can be checked as strictly as what
others print. A claim is extracted by grammar, bound to counts, recomputed exactly and judged; nothing is
learnt and nothing guessed. The trap: a claim that cannot be bound is `not_checkable`, never true.
"""

from answerable.claims.checking import WRONG, check_against, check_itself, check_text
from answerable.claims.reading import Topic, make_topic
from answerable.claims.releases import Proof, check_releases

VERDICTS: dict[str, str] = {
    "supported": "the figures give exactly this, or lie where the wording puts them",
    "rounds": "right when rounded; the explanation states the exact value",
    "truncates_only": "cut off instead of rounded: 44.84 printed as 44",
    "overstated": "the wording claims more than the figures: over 6,000 of 5,990, almost trebled of 2.6 times",
    "understated": "the wording claims less than the figures: more than a third of 44 per cent",
    "not_like_for_like": "the arithmetic holds, but the two counts are from different authorities or editions",
    "wrong_base": "a share of a subset printed as a share of all",
    "ratio_as_rise": "the later count as a percentage of the earlier, printed as a rise: 573% for +473%",
    "contradicted": "the figures give another number",
    "reverses": "a rise that is a fall, or a fall that is a rise",
    "undecided": "withheld or missing counts leave it open",
    "suppressed": "a number printed for a count that the authority withheld",
    "not_checkable": "nothing to check it against",
}
"""Every verdict with one line of help."""

TYPES: dict[str, str] = {
    "total": "a count",
    "threshold": "a count with a hedge: more than, nearly, up to, at least",
    "sum": "a count over several years or areas",
    "change_abs": "a change in number",
    "change_pct": "a change in percent or as a fraction",
    "percentage_points": "a change between two percentages",
    "multiple": "doubled, trebled, three-fold, five times",
    "average": "so many a day, week or month, or one every so many minutes",
    "share": "a share in percent, as a fraction, or one in N",
    "rank": "highest, second highest, largest rise, record",
    "mode": "the most common age",
    "minimum": "the youngest",
    "maximum": "the oldest",
    "count_of_forces": "how many authorities",
    "comparison": "one change as a multiple of another",
}
"""Every claim type with one line of help."""

__all__ = [
    "TYPES",
    "VERDICTS",
    "WRONG",
    "Proof",
    "Topic",
    "check_against",
    "check_itself",
    "check_releases",
    "check_text",
    "make_topic",
]

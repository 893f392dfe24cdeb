"""The sums a table offers -> evidence that its cells are read right, or Findings that name both numbers.

A total is compared with the cells it covers: the same labels, one dimension broken down. Hidden cells enter as
bounds. The trap is a printed total that counts hidden cells as nothing: it agrees with the visible cells and
with nothing else, and must neither solve the hidden ones as zero nor stand as the total.
"""

from collections import defaultdict
from collections.abc import Sequence

from answerable.model import TOTAL, Finding
from answerable.observations.drafts import Draft
from answerable.values import Reading

Name = tuple[object, ...]


def check_sums(drafts: Sequence[Draft], authority: str) -> list[Finding]:
    """Compare every total of every table with its parts; adds evidence and doubts to the Drafts."""
    findings: list[Finding] = []
    by_place: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if not draft.derived:
            by_place[draft.place].append(draft)
    for own in by_place.values():
        _find_unnamed_totals(own)
        lines = _find_lines(own)
        zeroed = _count_marks_as_zero(lines)
        if zeroed:
            findings.append(_report_zeroed(lines, own, authority))
        for total, parts in lines:
            findings += _check_line(total, parts, authority, zeroed=zeroed)
        for total, _ in lines:
            if total.period_total:
                total.derived = True
    for draft in drafts:
        _doubt_scanned(draft)
    return findings


def _find_unnamed_totals(drafts: Sequence[Draft]) -> None:
    """Cells under a label that only says what is counted ("Offences"), or calls the total something unknown ("All
    placements"), are totals where every one of them is the sum of the categories beside it, and not by chance: at
    least two of them, or one over three cells."""
    placeless = [draft for draft in drafts if draft.placeless]
    sums = [(draft, _find_beside(draft, drafts)) for draft in placeless]
    if not all(_is_exact_sum(draft, parts) for draft, parts in sums):
        return
    told = [parts for draft, parts in sums if draft.low > 0]
    if len(told) < 2 and not any(len(parts) > 2 for parts in told):
        return
    for draft, parts in sums:
        unknown = draft.dims.get(draft.placeless, "").removeprefix("?")
        said = (f"name a {draft.placeless}", f'"{unknown}" is not a label of the survey')
        draft.open = [(what, why) for what, why in draft.open if not why.endswith(said)]
        draft.unknown = [item for item in draft.unknown if item != (draft.placeless, unknown)]
        draft.dims[draft.placeless] = TOTAL
        draft.evidence.append(f"{draft.placeless}: it is the sum of {parts[0].ref} to {parts[-1].ref}")


def _find_beside(draft: Draft, drafts: Sequence[Draft]) -> list[Draft]:
    """The cells that break the same thing down by the dimension that a cell's own label does not name."""
    name = _name_without(draft, draft.placeless)
    beside = [item for item in drafts if draft.placeless in item.dims and item.placeless != draft.placeless]
    return [item for item in beside if _name_without(item, draft.placeless) == name]


def _is_exact_sum(draft: Draft, parts: Sequence[Draft]) -> bool:
    named = [part for part in parts if part.dims[draft.placeless] != TOTAL]
    open_too = any(what == "category" for part in named for what, _ in part.open)
    whole = draft.visible and len(named) == len(parts) >= 2 and all(part.visible for part in parts)
    return whole and not open_too and draft.low == sum(part.low for part in parts)


def _doubt_scanned(draft: Draft) -> None:
    """A value read from a picture needs a total that confirms it, or a person."""
    if draft.part.endswith("scanned") and not any(why.startswith("arithmetic:") for why in draft.evidence):
        draft.doubt("scanned", f'"{draft.text}" was read from a picture and no total confirms it')


def _find_lines(drafts: Sequence[Draft]) -> list[tuple[Draft, list[Draft]]]:
    """(total, its parts) for each total and dimension in one table, in reading order."""
    lines: list[tuple[Draft, list[Draft]]] = []
    if not any(draft.period_total or TOTAL in draft.dims.values() for draft in drafts):
        return lines
    groups: dict[Name, list[Draft]] = defaultdict(list)
    for draft in drafts:
        for dimension in (*draft.dims, "@period"):
            groups[_name_without(draft, dimension)].append(draft)
    for total in drafts:
        if total.blank or total.reading is None:
            continue
        summed = [name for name, code in total.dims.items() if code == TOTAL] + ["@period"] * total.period_total
        for dimension in summed:
            parts = [part for part in groups[_name_without(total, dimension)] if _is_part(part, dimension)]
            if len({_part_key(part, dimension) for part in parts}) == len(parts) >= 1:
                lines.append((total, parts))
    return lines


def _name_without(draft: Draft, dimension: str) -> Name:
    dims = tuple(sorted((name, code) for name, code in draft.dims.items() if name != dimension))
    period = (
        "" if dimension == "@period" else "total" if draft.period_total else draft.period.key if draft.period else ""
    )
    return dimension, dims, period, tuple(m.key for m in draft.questions), draft.months


def _is_part(draft: Draft, dimension: str) -> bool:
    if dimension == "@period":
        return not draft.period_total
    return draft.dims.get(dimension, TOTAL) != TOTAL


def _part_key(draft: Draft, dimension: str) -> str:
    if dimension == "@period":
        return draft.period.key if draft.period else ""
    return draft.dims[dimension]


def _count_marks_as_zero(lines: Sequence[tuple[Draft, list[Draft]]]) -> bool:
    """Whether every printed total over hidden cells equals its visible cells: the hidden ones count as zero."""
    hidden = [(total, parts) for total, parts in lines if total.visible and any(_is_hidden(p) for p in parts)]
    return len(hidden) >= 1 and all(total.low == _add_visible(parts) for total, parts in hidden)


def _is_hidden(draft: Draft) -> bool:
    return draft.reading is not None and not draft.visible and draft.reading.status == "suppressed"


def _add_visible(parts: Sequence[Draft]) -> int:
    return sum(part.low for part in parts if part.visible)


def _check_line(total: Draft, parts: list[Draft], authority: str, *, zeroed: bool) -> list[Finding]:
    hidden = any(_is_hidden(part) for part in parts)
    if zeroed and (hidden or any((part.blank and part.reading is None) or _is_doubted(part) for part in parts)):
        total.doubt("arithmetic", f"{total.text} counts hidden cells as zero, so it is not the total")
        return []
    if not total.visible or any(part.reading is None and not part.blank for part in parts):
        return []
    blanks = [part for part in parts if part.blank and part.reading is None]
    low = sum(part.low for part in parts)
    highs = [part.high if not part.blank or part.reading else 0 for part in parts]
    high = None if None in highs else sum(number for number in highs if number is not None)
    refs = f"{parts[0].ref} to {parts[-1].ref}"
    if low <= total.low and (high is None or total.low <= high):
        why = f"arithmetic: {refs} add to the total {total.low}" + (
            " within the bounds of hidden cells" if hidden else ""
        )
        for draft in (total, *(part for part in parts if not part.blank)):
            if why not in draft.evidence:
                draft.evidence.append(why)
        _settle_blanks(blanks, total, hidden=hidden)
        return []
    if blanks and total.low > low:
        _doubt_blanks(total, parts, blanks, low)
        return []
    message = f"{total.where}: the total says {total.low}, the {len(parts)} cells it covers ({refs}) add to {low}"
    message += f" to {high}" if high != low and high is not None else ""
    for draft in (total, *parts):
        draft.doubt("arithmetic", f"the total {total.low} at {total.ref} and its cells, which add to {low}, disagree")
    advice = ". Ask the authority which is right, or decide in review."
    return [
        Finding(
            check="totals-do-not-add",
            severity="warning",
            message=message + advice,
            subject=authority,
            source=total.source,
        )
    ]


def _is_doubted(draft: Draft) -> bool:
    return any(what == "arithmetic" for what, _ in draft.open)


def _settle_blanks(blanks: Sequence[Draft], total: Draft, *, hidden: bool) -> None:
    """Blank cells are zero where the rest already makes the total and nothing is hidden."""
    if hidden:
        return
    for blank in blanks:
        blank.reading = Reading(value=0)
        blank.evidence.append(f"value: blank, and the other cells add to the total {total.low} at {total.ref}")


def _doubt_blanks(total: Draft, parts: Sequence[Draft], blanks: Sequence[Draft], low: int) -> None:
    for draft in (total, *parts):
        if not draft.blank:
            draft.doubt(
                "arithmetic",
                f"the total {total.low} at {total.ref} is {total.low - low} more than its cells; "
                f"{len(blanks)} are blank and may hide it",
            )


def _report_zeroed(lines: Sequence[tuple[Draft, list[Draft]]], drafts: Sequence[Draft], authority: str) -> Finding:
    total, parts = max(
        ((t, p) for t, p in lines if any(_is_hidden(part) for part in p)),
        key=lambda line: line[0].low,
        default=lines[0],
    )
    visible = sum(draft.low for draft in drafts if draft.visible and TOTAL not in draft.dims.values())
    stars = sum(_is_hidden(draft) for draft in drafts)
    return Finding(
        check="totals-count-hidden-as-zero",
        severity="warning",
        message=f"{total.where}: the printed totals add only the visible cells ({visible} in all) and count "
        f"{stars} hidden cells as zero, here {total.low} over {parts[0].ref} to {parts[-1].ref}. "
        "They are not used as totals.",
        subject=authority,
        source=total.source,
    )

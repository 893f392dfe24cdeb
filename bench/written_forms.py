"""Every reply written by hand in every form that can carry it: the same reply should read the same.

Another person would have pasted the table with tabs, turned it on its side or printed it. Each written reply is
made anew in the forms of FORMS and read; what differs from its `--- expected` is counted by form. A form that
cannot carry a reply is left out: only a plain rectangle of cells can be turned.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from written_replies import Key, Written, answer, list_sets, name_key, read_set, write_form

from answerable.surveys.simulate.blocks import Block, Paragraph, Part, Tabular, Value

FORMS = ("html docx xlsx xls ods csv rtf txt txt-tabs txt-bars pdf pdf-unruled eml html-turned txt-tabs-turned").split()
_SHEETS = ("xlsx", "xls", "ods")
_SIGNS = {"txt-tabs": "\t", "txt-bars": " | "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one reply in one form lost of its values, and what it gave that is not said."""

    name: str
    form: str
    expected: int
    lost: dict[Key, str]
    wrong: dict[Key, str]


def compare_form(sets: Iterable[str], form: str) -> Iterator[Difference]:
    """A Difference for each reply of the sets that the form can carry, in order."""
    for name in sets:
        for item in read_set(name):
            if (changed := change_form(item, form)) is None:
                continue
            read = {name_key(o): str(o.value if o.value is not None else o.status)
                    for o in answer(changed).observations if o.accepted}  # fmt: skip
            # What waits for a person only because it was read from a picture is accepted in any other form.
            truth = item.expected | (item.review if item.form == "pdf-scan" else {})
            wrong = {key: value for key, value in read.items() if truth.get(key) != value}
            known = {key: value for key, value in truth.items() if "|".join((*key, value)) not in item.missed}
            lost = {key: value for key, value in known.items() if read.get(key) != value}
            yield Difference(name=f"{name} {item.name}", form=form, expected=len(known), lost=lost, wrong=wrong)


def change_form(item: Written, form: str) -> Written | None:
    """The reply in another form; None where the form cannot carry it."""
    kind = form.removesuffix("-turned")
    parts = tuple(replace(part, blocks=tuple(_rule(part.blocks, kind))) for part in item.parts)
    if form.endswith("-turned"):
        turned_parts = [_turn_part(part) for part in parts]
        if any(part is None for part in turned_parts) or not _has_table(parts):
            return None
        parts = tuple(part for part in turned_parts if part is not None)
    if kind not in _SHEETS:
        parts = tuple(_say_name(part) for part in parts)
    data = _join(parts, _SIGNS[kind]) if kind in _SIGNS else write_form(kind, parts)
    name = f"reply.{form.partition('-')[0]}"
    document = replace(item.document, name=name, path=f"{item.reply.authority}/{name}")
    return replace(item, form=form, document=document, data=data)


def _rule(blocks: Iterable[Block], kind: str) -> Iterator[Block]:
    for block in blocks:
        yield replace(block, ruled=kind != "pdf-unruled") if isinstance(block, Tabular) else block


def _has_table(parts: Iterable[Part]) -> bool:
    return any(isinstance(block, Tabular) for part in parts for block in part.blocks)


def _say_name(part: Part) -> Part:
    """A sheet's name as the heading that stands for it where there are no sheets."""
    return replace(part, blocks=(Paragraph(text=part.name), *part.blocks), name="") if part.name else part


def _join(parts: Iterable[Part], sign: str) -> bytes:
    pieces = []
    for part in parts:
        for block in part.blocks:
            if isinstance(block, Paragraph):
                pieces.append(block.text)
            else:
                pieces.append("\n".join(sign.join(map(_show, row)).rstrip(" ") for row in block.rows))
    return ("\n\n".join(pieces) + "\n").encode()


def _show(value: Value) -> str:
    return "" if value is None else str(value)


def _turn_part(part: Part) -> Part | None:
    blocks: list[Block] = []
    for block in part.blocks:
        if isinstance(block, Paragraph):
            blocks.append(block)
        elif (turned := _turn_table(block)) is None:
            return None
        else:
            blocks += turned
    return replace(part, blocks=tuple(blocks))


def _turn_table(table: Tabular) -> list[Block] | None:
    """A table with its rows for columns, lone texts above and below it as lines; None where it is no rectangle."""
    rows = list(table.rows)
    above: list[Block] = []
    below: list[Block] = []
    while rows and _count(rows[0]) == 1:
        above.append(_take_line(rows.pop(0)))
    while rows and _count(rows[-1]) == 1:
        below.insert(0, _take_line(rows.pop()))
    if not rows or any(_count(row) < 2 for row in rows) or not all(map(_count, zip(*rows, strict=True))):
        return None
    first, last = len(above), len(above) + len(rows)
    merges = tuple(
        (left, top - first, right, bottom - first)
        for top, left, bottom, right in table.merges
        if first <= top and bottom < last
    )
    return [*above, replace(table, rows=tuple(zip(*rows, strict=True)), merges=merges), *below]


def _count(values: Iterable[Value]) -> int:
    return sum(value is not None for value in values)


def _take_line(row: Iterable[Value]) -> Paragraph:
    return Paragraph(text=next(str(value) for value in row if value is not None))


def main() -> None:
    """Print what each form loses: `python bench/written_forms.py [FORM ...]`."""
    for form in sys.argv[1:] or FORMS:
        found = list(compare_form(list_sets(), form))
        for one in found:
            if one.lost or one.wrong:
                print(f"{one.name} [{form}]: {len(one.lost)} of {one.expected} lost", one.wrong or "")
        expected, lost = sum(one.expected for one in found), sum(len(one.lost) for one in found)
        share = (expected - lost) / expected
        print(f"## {form}: recall {share:.3f} of {expected}, {sum(len(one.wrong) for one in found)} wrong")


if __name__ == "__main__":
    main()

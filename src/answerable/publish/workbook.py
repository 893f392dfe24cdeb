"""workbook.xlsx: the figures as a statistical workbook after the Analysis Function's guidance, by gptables.

Cover, contents, notes, one table a sheet, no blank or merged cells, shorthand such as [c] for a count held
back (https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/). gptables
is the extra `[workbook]`; where it is missing there is no workbook, and a notice in its place.
"""

import tempfile
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from answerable.model import Authority, Edition, Figure, Reply, Survey
from answerable.publish.zips import settle_zip
from answerable.stories import Ground, find_figure, list_comparisons

SHORTHAND = {
    "[c]": "confidential: the authority held a small count back",
    "[x]": "not available: no reply, refused, not held or not readable",
    "[r]": "revised: an earlier edition printed another number",
    "[b]": "break: the figures before and after cannot be compared",
    "[z]": "not applicable: the survey states no such number",
}


def write_workbook(edition: Edition, ground: Ground, revised: frozenset[str] = frozenset()) -> bytes | None:
    """The workbook's bytes; None where gptables is not installed. `revised` are ids of figures to be marked [r]."""
    if find_spec("gptables") is None:
        return None
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # pandas and gptables warn of their own future changes, which are not the survey's business.
        warnings.simplefilter("ignore")
        path = Path(folder) / "workbook.xlsx"
        _write(path, edition, ground, revised)
        return settle_zip(path.read_bytes())


def _write(path: Path, edition: Edition, ground: Ground, revised: frozenset[str]) -> None:
    import gptables
    import pandas

    survey = edition.survey
    noun = survey.authority_noun[1]
    sheets = {
        label: _set_table(survey, label.lower(), f"{survey.title}: {name}", rows)
        for label, name, rows in (
            ("Authorities", noun, list_authority_rows(edition, ground, revised=revised)),
            ("Whole", survey.area, list_whole_rows(edition, revised)),
        )
    }
    contact = [survey.contact.name, survey.contact.email] if survey.contact else ["See the site."]
    cover = gptables.Cover(
        title=survey.title,
        intro=["Introduction", survey.summary or survey.title],
        about=["How it was counted", survey.method_note or "See the notes to editors.", *_warn(edition)],
        contact=["Contact", *contact],
    )
    notes = pandas.DataFrame([[name, text] for name, text in _list_notes(edition)], columns=["Note", "Text"])
    gptables.write_workbook(str(path), sheets, cover=cover, notes_table=notes)


def _warn(edition: Edition) -> list[str]:
    recreated = any(reply.recreated_from for reply in edition.replies)
    texts = ["Some documents were re-created from published figures; see the notes."] if recreated else []
    return [*texts, "This survey is simulated."] if edition.survey.simulated else texts


def write_table(survey: Survey, title: str, rows: list[list[Any]]) -> bytes | None:
    """One table as a workbook of its own, with the meaning of its marks; None where gptables is not installed."""
    if find_spec("gptables") is None:
        return None
    import gptables

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "table.xlsx"
        gptables.write_workbook(str(path), {"Table": _set_table(survey, "table", title, rows)})
        return settle_zip(path.read_bytes())


def _set_table(survey: Survey, name: str, title: str, rows: list[list[Any]]) -> Any:
    import gptables
    import pandas

    return gptables.GPTable(
        table=pandas.DataFrame(rows[1:], columns=rows[0]),
        table_name=name,
        title=title,
        subtitles=["This worksheet contains one table."],
        scope=survey.area,
        source=survey.source_note or "Replies of the authorities.",
        legend=[f"{mark} {meaning}" for mark, meaning in SHORTHAND.items()],
        index_columns={},
    )


def list_authority_rows(
    edition: Edition,
    ground: Ground,
    chosen: Sequence[Authority] | None = None,
    revised: frozenset[str] = frozenset(),
) -> list[list[Any]]:
    """Header and one row an authority: its total in each period, the change, the percentage, p, marks, the outcome.

    Every authority asked unless some are `chosen`.
    """
    survey, pairs = edition.survey, list_comparisons(edition.survey)[:1]
    header = [survey.authority_noun[0].capitalize(), "Region", *(f"Total {item.id}" for item in survey.periods)]
    for pair in pairs:
        header += [f"Change from {pair.base} to {pair.period}", "Change, per cent", "Exact p value"]
    rows: list[list[Any]] = [[*header, "Marks", "Outcome of the request", "Re-created from published figures"]]
    for item in survey.authorities if chosen is None else chosen:
        reply = ground.replies.get(item.id)
        row: list[Any] = [item.name, item.region or "[z]"]
        row += [_mark(find_figure(ground, "total", item.id, period.id)) for period in survey.periods]
        for pair in pairs:
            for kind in ("change_abs", "change_pct", "p_value"):
                figure = find_figure(ground, kind, item.id, pair.period, base=pair.base)
                row.append(_mark_change(figure, survey.small_base, ground, item.id, pair.base))
        row.append(_mark_row(edition, ground, item.id, revised))
        row += [(reply.outcome if reply else "waiting_response").replace("_", " "), _name_origin(reply)]
        rows.append(row)
    return rows


def _mark_row(edition: Edition, ground: Ground, where: str, revised: frozenset[str]) -> str:
    """[r] with the revised periods, [b] where a break stands, "none" else: marks stand beside numbers, not in them."""
    totals = (find_figure(ground, "total", where, period.id) for period in edition.survey.periods)
    periods = [figure.period for figure in totals if figure and figure.id in revised]
    marks = [f"[r] {', '.join(periods)}"] if periods else []
    pairs = list_comparisons(edition.survey)[:1]
    if any(find_figure(ground, "break", where, pair.period, base=pair.base) for pair in pairs):
        marks.append("[b]")
    return "; ".join(marks) or "none"


def _name_origin(reply: Reply | None) -> str:
    if reply is None or not reply.documents:
        return "[z]"
    return "yes" if reply.recreated_from else "no"


def _mark(figure: Figure | None) -> Any:
    if figure is None:
        return "[x]"
    if figure.value is None:
        return "[c]"
    return figure.value


def _mark_change(figure: Figure | None, small_base: int, ground: Ground, where: str, base: str) -> Any:
    if figure is None or figure.value is None:
        return "[z]"
    if figure.kind == "change_pct":
        then = find_figure(ground, "total", where, base)
        if then is None or not isinstance(then.value, int) or then.value < small_base:
            return "[z]"
        return round(float(figure.value), 1)
    # Three digits: four decimals would print a p value of 0.00004 as nought.
    return float(f"{figure.value:.3g}") if isinstance(figure.value, float) else figure.value


def list_whole_rows(edition: Edition, revised: frozenset[str] = frozenset()) -> list[list[Any]]:
    """Header and one row a figure of the whole or a region, those in `revised` marked [r]."""
    rows: list[list[Any]] = [
        ["Figure", "Place", "Period", "Value", "Low", "High", "Asked", "Answered", "Matched", "Marks"]
    ]
    for item in edition.figures:
        if item.authority is None or item.authority.startswith("region:"):
            place = edition.survey.area if item.authority is None else item.authority.removeprefix("region:")
            matched = "[z]" if item.n_matched is None else item.n_matched
            value = "[c]" if item.value is None else item.value
            bounds = ["[z]" if number is None else number for number in (item.low, item.high)]
            mark = "[r]" if item.id in revised else "[b]" if item.kind == "break" else "none"
            row = [item.title, place, item.period, value, *bounds, item.n_asked, item.n_answered, matched, mark]
            rows.append(row)
    return rows


def _list_notes(edition: Edition) -> list[tuple[str, str]]:
    """One note an authority caveat and a re-created document."""
    names = {item.id: item.name for item in edition.survey.authorities}
    texts = [f"{names[reply.authority]}: {item.text}" for reply in edition.replies for item in reply.caveats]
    texts += [
        f"{names[reply.authority]}: document re-created from {', '.join(reply.recreated_from)}"
        for reply in edition.replies
        if reply.recreated_from
    ]
    texts = texts or ["There are no notes."]
    return [(f"note {number}", text) for number, text in enumerate(texts, start=1)]

"""survey.toml text -> Survey: reads each table with its documented keys and checks what refers to what."""

import csv
import io
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, get_args
from urllib.parse import urlsplit

from answerable.errors import SurveyError
from answerable.model import (
    Authority,
    Break,
    Category,
    Comparison,
    Contact,
    Definition,
    Dimension,
    DimensionKind,
    Outline,
    Period,
    Question,
    QuestionKind,
    Reference,
    Survey,
    Unit,
)
from answerable.survey.embargo import parse_embargo, write_embargo
from answerable.survey.outlines import parse_outlines
from answerable.survey.periods import parse_period_id
from answerable.survey.register import parse_register
from answerable.survey.settings import check_keys, get_value, refuse_key

ReadFile = Callable[[str], str | None]
"""A file beside survey.toml, or a bundled register by its short name, as text; None when there is none."""

TAKEN = frozenset(
    "observation_id survey authority question period value low high unit status accepted original_value origin "
    "evidence document part ref quote".split()
)
"""Columns of observations.csv, which has one more for each dimension."""

REFERENCE_COLUMNS = (
    "id", "question", "measure", "authority", "period", "value", "n_answered", "source", "published", "status", "note",
)  # fmt: skip


def parse_survey(text: str, where: str, read_file: ReadFile) -> Survey:
    """The Survey that survey.toml describes. `where` names the file in messages.

    Raises SurveyError for broken TOML, an unknown or missing key, a wrong type, or a name that nothing defines.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SurveyError(where, f"is not valid TOML: {error}", "Correct that line") from error
    top = {key: value for key, value in raw.items() if key not in _TABLES}
    check_keys("", top, where)
    dimensions = tuple(_parse_dimension(table, where, read_file) for table in _list_tables(raw, "dimension", where))
    questions = tuple(_parse_question(table, where) for table in _list_tables(raw, "question", where))
    periods = _parse_periods(raw, where)
    authorities = _choose_authorities(top, where, read_file)
    survey = Survey(
        **{key: get_value("", top, key) for key in _TEXT_KEYS},
        authority_noun=_parse_pair(get_value("", top, "authority_noun"), where),
        headline=top.get("headline") or (questions[0].id if questions else ""),
        periods=periods,
        dimensions=dimensions,
        questions=questions,
        authorities=authorities,
        comparisons=_parse_comparisons(raw, periods, where),
        breaks=tuple(Break(**table) for table in _list_tables(raw, "break", where)),
        references=_parse_references(read_file),
        contact=_parse_contact(raw, where),
        definitions=tuple(Definition(**table) for table in _list_tables(raw, "definition", where)),
        helplines=tuple(get_value("", top, "helplines")),
        embargo_until=parse_embargo(top.get("embargo_until"), where),
        outlines=_parse_outlines(top, where, read_file, authorities),
    )
    if survey.embargo_until and not survey.embargo:
        survey = replace(survey, embargo=write_embargo(survey.embargo_until))
    _check_names(survey, where)
    return _check_addresses(survey, where)


def _check_addresses(survey: Survey, where: str) -> Survey:
    """The survey, whose addresses must be such; one that takes tokens must be secured, unless it is on this machine."""
    for key, value in (("address", survey.address), ("digest_address", survey.digest_address)):
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
            raise SurveyError(where, f'{key} = "{value}" is no address', f'Write {key} = "https://example.org/survey/"')
    parts = urlsplit(survey.digest_address)
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise SurveyError(where, "digest_address is not secured, and RFC 8058 asks for https", "Write https://")
    return survey


_TABLES = frozenset({"contact", "period", "dimension", "question", "definition", "comparison", "break"})
_TEXT_KEYS = (
    "id", "title", "subject", "summary", "area", "recorded_by", "small_base", "rate_per", "method_note", "source_note",
    "published", "embargo", "simulated", "group", "address", "digest_address", "second_readings",
    "outlines_source",
)  # fmt: skip


def _list_tables(raw: dict[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    tables = raw.get(name, [])
    if not isinstance(tables, list):
        raise SurveyError(where, f"{name} is a single table", f"Write [[{name}]] with double brackets")
    for table in tables:
        check_keys(name, table, where)
    return tables


def _parse_pair(values: list[Any], where: str) -> tuple[str, str]:
    if len(values) != 2 or not all(isinstance(value, str) for value in values):
        raise SurveyError(where, "authority_noun needs a singular and a plural", 'Write ["force", "forces"]')
    return values[0], values[1]


def _parse_contact(raw: dict[str, Any], where: str) -> Contact | None:
    if "contact" not in raw:
        return None
    check_keys("contact", raw["contact"], where)
    return Contact(**raw["contact"])


def _parse_periods(raw: dict[str, Any], where: str) -> tuple[Period, ...]:
    periods = [parse_period_id(text, f"{where}, periods") for text in raw.get("periods") or ()]
    for table in _list_tables(raw, "period", where):
        if table["end"] < table["start"]:
            raise SurveyError(where, f"period {table['id']} ends before it starts", "Swap start and end")
        periods.append(Period(**{**table, "aliases": tuple(table.get("aliases", ()))}))
    if not periods:
        raise SurveyError(where, "no period is asked for", 'Add periods = ["2015/16", "2016/17"]')
    return tuple(sorted(periods, key=lambda period: (period.start, period.end)))


def _parse_comparisons(raw: dict[str, Any], periods: Sequence[Period], where: str) -> tuple[Comparison, ...]:
    """As written; left out, the last period with the one before it."""
    written = tuple(Comparison(**table) for table in _list_tables(raw, "comparison", where))
    if written or len(periods) < 2:
        return written
    return (Comparison(base=periods[-2].id, period=periods[-1].id),)


def _parse_dimension(table: dict[str, Any], where: str, read_file: ReadFile) -> Dimension:
    kind = _choose(
        get_value("dimension", table, "kind"), get_args(DimensionKind), f"{where}, dimension {table['id']}, kind"
    )
    categories = [_parse_category(item, where) for item in table.get("category", ())]
    if "ages" in table:
        first, last = table["ages"]
        categories = [_make_age(age) for age in range(first, last + 1)] + categories
    if "codes" in table:
        categories += _read_codes(table["codes"], where, read_file)
    if not categories:
        raise SurveyError(
            where, f"dimension {table['id']} has no categories", "Add [[dimension.category]], ages or codes"
        )
    return Dimension(
        id=table["id"],
        name=table["name"],
        kind=kind,
        categories=tuple(categories),
        aliases=tuple(get_value("dimension", table, "aliases")),
    )


def _parse_category(item: dict[str, Any], where: str) -> Category:
    check_keys("dimension.category", item, where)
    return Category(**{**item, "aliases": tuple(item.get("aliases", ()))})


def _make_age(age: int) -> Category:
    return Category(code=str(age), label=str(age), low=age, high=age)


def _read_codes(name: str, where: str, read_file: ReadFile) -> list[Category]:
    text = read_file(name)
    if text is None:
        raise SurveyError(where, f"the code list {name} is not there", "Put it beside survey.toml")
    rows = csv.DictReader(io.StringIO(text))
    if not {"code", "label"} <= set(rows.fieldnames or ()):
        raise SurveyError(name, "the columns code and label are missing", "Write a first line with code,label,aliases")
    return [
        Category(
            code=row["code"],
            label=row["label"],
            aliases=tuple(part.strip() for part in (row.get("aliases") or "").split(";") if part.strip()),
        )
        for row in rows
    ]


def _parse_question(table: dict[str, Any], where: str) -> Question:
    place = f"{where}, question {table['id']}"
    return Question(
        **{
            **table,
            "unit": _choose(table["unit"], get_args(Unit), f"{place}, unit"),
            "kind": _choose(get_value("question", table, "kind"), get_args(QuestionKind), f"{place}, kind"),
            "dimensions": tuple(table.get("dimensions", ())),
            "aliases": tuple(table.get("aliases", ())),
        }
    )


def _choose(value: str, allowed: Sequence[str], where: str) -> Any:
    if value not in allowed:
        refuse_key(value, list(allowed), where)
    return value


def _choose_authorities(top: dict[str, Any], where: str, read_file: ReadFile) -> tuple[Authority, ...]:
    text = read_file(top["register"])
    if text is None:
        raise SurveyError(
            where,
            f'the register "{top["register"]}" is not there',
            'Write "uk-police" or name a CSV beside survey.toml',
        )
    known = parse_register(text, top["register"])
    if "authorities" in top:
        by_id = {authority.id: authority for authority in known}
        for name in top["authorities"]:
            if name not in by_id:
                refuse_key(name, list(by_id), f"{where}, authorities")
        return tuple(by_id[name] for name in top["authorities"])
    nations, kinds = top.get("nations"), top.get("kinds")
    chosen = tuple(a for a in known if (not nations or a.nation in nations) and (not kinds or a.kind in kinds))
    if not chosen:
        raise SurveyError(where, "no authority of the register is left", "Widen nations or kinds")
    return chosen


def _parse_outlines(
    top: dict[str, Any], where: str, read_file: ReadFile, authorities: tuple[Authority, ...]
) -> tuple[Outline, ...]:
    """The outlines named in survey.toml; () where none are."""
    name = top.get("outlines")
    if not name:
        return ()
    text = read_file(name)
    if text is None:
        raise SurveyError(where, f'outlines "{name}" is not there', "Name a GeoJSON file beside survey.toml")
    if not top.get("outlines_source"):
        raise SurveyError(where, "outlines_source is missing", "Say who drew the outlines and under which licence")
    return parse_outlines(text, name, authorities)


def _parse_references(read_file: ReadFile) -> tuple[Reference, ...]:
    """references.csv beside survey.toml, where there is one."""
    text = read_file("references.csv")
    if text is None:
        return ()
    rows = csv.DictReader(io.StringIO(text))
    for column in rows.fieldnames or ():
        if column not in REFERENCE_COLUMNS:
            refuse_key(column, list(REFERENCE_COLUMNS), "references.csv")
    return tuple(
        Reference(
            id=row["id"],
            question=row["question"],
            measure=row["measure"],
            authority=row["authority"] or None,
            period=row["period"],
            value=row["value"],
            n_answered=int(row["n_answered"]) if row["n_answered"] else None,
            source=row["source"],
            published=row["published"],
            status=row["status"],
            note=row["note"],
        )
        for row in rows
    )


def _check_names(survey: Survey, where: str) -> None:
    """Everything that is referred to must be defined, and nothing twice."""
    periods = [period.id for period in survey.periods]
    questions = [question.id for question in survey.questions]
    dimensions = [dimension.id for dimension in survey.dimensions]
    authorities = [authority.id for authority in survey.authorities]
    for names, what in (
        (periods, "period"),
        (questions, "question"),
        (dimensions, "dimension"),
        (authorities, "authority"),
    ):
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise SurveyError(where, f'the {what} "{doubled[0]}" is defined twice', "Keep one")
    taken = sorted(set(dimensions) & TAKEN)
    if taken:
        raise SurveyError(where, f'the dimension "{taken[0]}" has the name of a column', "Give it another id")
    if not questions:
        raise SurveyError(where, "no question is asked", "Add a [[question]]")
    used = [(survey.headline, questions, "headline")]
    used += [(name, dimensions, f"question {q.id}, dimensions") for q in survey.questions for name in q.dimensions]
    used += [(q.total_of, questions, f"question {q.id}, total_of") for q in survey.questions if q.total_of]
    used += [(name, periods, "comparison") for pair in survey.comparisons for name in (pair.base, pair.period)]
    used += [(item.period, periods, "break") for item in survey.breaks]
    used += [(item.authority, authorities, "break") for item in survey.breaks if item.authority]
    used += [(item.question, questions, "break") for item in survey.breaks if item.question]
    used += [(item.question, questions, f"references.csv, {item.id}") for item in survey.references]
    for name, known, place in used:
        if name not in known:
            refuse_key(name, list(known), f"{where}, {place}")

"""Results -> public tables: results, differences and agreement beside the observations of every survey.

The same rows stand in the CSV files, in the data package and on the pages. The trap: a verdict without its rule's
version cannot be checked by a stranger, so each row names the day its version began, and rules.csv has that version.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from answerable.model import Edition, Figure, Observation
from answerable.publish.tables import Field, FieldType, Sheet
from answerable.standards.audit import add_dimensions
from answerable.standards.differences import Difference
from answerable.standards.observed import ObservedSetting, make_observation
from answerable.standards.reading import Reading
from answerable.standards.results import Result
from answerable.standards.rules import NOT_TESTED
from answerable.standards.scores import Agreement, Score


def _fields(*columns: tuple[str, FieldType, str]) -> tuple[Field, ...]:
    return tuple(Field(name=name, type=type_, description=text) for name, type_, text in columns)


RESULTS = _fields(
    ("service", "string", "Service id."),
    ("edition", "string", "Edition id."),
    ("rule", "string", "Rule id."),
    ("in_force_from", "string", "First day of the rule's version, ISO 8601; with the rule id a row of rules.csv."),
    ("setting", "string", "Setting id."),
    ("age", "integer", "Declared age of the account."),
    ("verdict", "string", "pass, fail, partial, inconsistent, not_tested or not_applicable."),
    ("values", "string", "Distinct answers, parted by ';'."),
    ("observed", "string", "Days of the observations, parted by ';'."),
    ("testers", "string", "Testers, parted by ';'."),
    ("evidence", "string", "SHA-256 of the evidence, parted by ';'."),
    ("reason", "string", "Why a rule was not applied."),
)


def list_rules(results: Iterable[Result]) -> Sheet:
    """rules.csv: a row a version of a rule that judged anything, with its source, days and words."""
    fields = _fields(
        ("rule", "string", "Rule id."),
        ("in_force_from", "string", "First day of this version, ISO 8601."),
        ("in_force_to", "string", "Last day of this version, ISO 8601; empty while it stands."),
        ("publisher", "string", "Who published the document the rule stands in."),
        ("source", "string", "That document."),
        ("place", "string", "Where in it."),
        ("version", "string", "Its version."),
        ("address", "string", "Its address."),
        ("status", "string", "confirmed, or unconfirmed where the source was not read."),
        ("applied", "boolean", "True where a general text is applied to this setting by us."),
        ("text", "string", "What it asks, in our words."),
        ("condition", "string", "What only the provider can settle, taken as given."),
        ("setting", "string", "Setting id."),
        ("passes", "string", "Answers that pass, parted by ';'."),
        ("partial", "string", "Answers that pass in part, parted by ';'."),
        ("severity", "string", "high, medium or low."),
    )
    found = {(item.rule.id, str(item.rule.start)): item.rule for item in results}
    rows = tuple(
        (
            rule.id, rule.start.isoformat() if rule.start else None, rule.end.isoformat() if rule.end else None,
            rule.origin.publisher, rule.origin.name, rule.place, rule.version, rule.address, rule.status, rule.applied,
            rule.text, rule.condition, rule.setting, ";".join(rule.passes), ";".join(rule.partial), rule.severity,
        )
        for rule in found.values()
    )  # fmt: skip
    return Sheet(name="rules", title="Rules", key="", fields=fields, rows=rows)


def list_results(results: Iterable[Result]) -> Sheet:
    """results.csv: a row a result."""
    rows = tuple(_row_result(item) for item in results)
    return Sheet(name="results", title="Results", key="", fields=RESULTS, rows=rows)


def _row_result(item: Result) -> tuple[Any, ...]:
    rule, seen = item.rule, item.observed
    days, testers, proofs = _list_seen(seen)
    return (
        item.service, item.edition, rule.id, rule.start.isoformat() if rule.start else None, rule.setting, item.age,
        item.verdict, ";".join(item.values), days, testers, proofs, item.reason,
    )  # fmt: skip


def _list_seen(seen: Sequence[ObservedSetting]) -> tuple[str, str, str]:
    """Days, testers and hashes of the evidence, each parted by ";". Most results have one observation."""
    if len(seen) == 1:
        return seen[0].visit.on.isoformat(), seen[0].visit.tester, seen[0].sha256
    return (
        ";".join(sorted({one.visit.on.isoformat() for one in seen})),
        ";".join(sorted({one.visit.tester for one in seen})),
        ";".join(sorted({one.sha256 for one in seen if one.sha256})),
    )


def list_differences(found: Iterable[Difference], before: str, after: str) -> Sheet:
    """differences.csv: a row a difference between the last two editions."""
    fields = _fields(
        ("service", "string", "Service id."),
        ("rule", "string", "Rule id."),
        ("age", "integer", "Declared age of the account."),
        ("kind", "string", "improved, worsened, other_value, rule_changed, new_rule, rule_gone, now_tested ..."),
        ("before", "string", f"Verdict in {before}." if before else "Verdict before."),
        ("before_values", "string", "Answers before, parted by ';'."),
        ("after", "string", f"Verdict in {after}." if after else "Verdict after."),
        ("after_values", "string", "Answers after, parted by ';'."),
    )
    rows = tuple(
        (item.service, item.result.rule.id, item.result.age, item.kind, *_side(item.before), *_side(item.after))
        for item in found
    )
    return Sheet(name="differences", title="Differences", key="", fields=fields, rows=rows)


def _side(result: Result | None) -> tuple[str | None, str | None]:
    return (None, None) if result is None else (result.verdict, ";".join(result.values))


def list_agreement(found: Iterable[Agreement]) -> Sheet:
    """agreement.csv: a row a pair of testers and edition."""
    fields = _fields(
        ("edition", "string", "Edition id."),
        ("first", "string", "One tester."),
        ("second", "string", "The other."),
        ("n", "integer", "Answers that both gave."),
        ("same", "integer", "Of these, the same."),
        ("percent", "number", "The same, per cent."),
        ("kappa", "number", "Cohen's kappa; empty where chance alone would agree."),
    )
    rows = tuple(
        (
            item.edition, item.first, item.second, item.n, item.same, round(100 * item.same / item.n, 1),
            None if item.kappa is None else round(item.kappa, 3),
        )
        for item in found
    )  # fmt: skip
    return Sheet(name="agreement", title="Agreement of testers", key="", fields=fields, rows=rows)


def make_figures(
    reading: Reading, scores: Iterable[Score], ids: dict[tuple[str, str], tuple[str, ...]]
) -> tuple[Figure, ...]:
    """A score as a figure: the share of tested checks that were passed, in per cent, with its interval."""
    names = {item.id: item.name for item in reading.audit.services}
    return tuple(
        Figure(
            id=f"{reading.audit.survey.id}.passed.{score.edition}.{score.service}",
            title=f"Checks passed, {names[score.service]}, {score.edition}",
            kind="share",
            authority=score.service,
            question="all-rules",
            period=score.edition,
            value=round(100 * score.share, 1),
            low=round(100 * score.interval.low, 1),
            high=round(100 * (score.interval.high or 1), 1),
            unit="percent",
            n_asked=score.applicable,
            n_answered=score.tested,
            observations=ids.get((score.edition, score.service), ()),
            query=f"100 * {score.passed} / {score.tested}",
            note="n_asked counts applicable checks, n_answered tested ones; Wilson's interval.",
        )
        for score in scores
        if score.share is not None and score.interval is not None
    )


def make_edition(reading: Reading, scores: Sequence[Score]) -> Edition:
    """The audit in core types, for the public tables of every survey."""
    observations: list[Observation] = []
    ids: dict[tuple[str, str], list[str]] = {}
    for item in reading.observed:
        if item.value != NOT_TESTED:
            made = make_observation(reading.audit, item)
            observations.append(made)
            ids.setdefault((item.edition, item.visit.service), []).append(made.id)
    testers = tuple(sorted({item.visit.tester for item in reading.observed}))
    runs = tuple(sorted({item.visit.run for item in reading.observed}))
    return Edition(
        survey=add_dimensions(reading.audit, testers, runs),
        replies=reading.replies,
        grids=(),
        observations=tuple(observations),
        findings=reading.findings,
        figures=make_figures(reading, scores, {key: tuple(found) for key, found in ids.items()}),
    )

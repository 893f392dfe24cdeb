"""Builders for tests of figures: a small survey, and observations written as short tuples."""

from dataclasses import replace
from datetime import date

from answerable.model import (
    Authority,
    Bounds,
    Category,
    CaveatKind,
    Comparison,
    Dimension,
    Document,
    Observation,
    Period,
    Question,
    Reply,
    Source,
    Survey,
    Unit,
)

THEN, NOW = "2015/16", "2016/17"
AGES = Dimension(
    id="age",
    name="Age of victim",
    kind="age",
    categories=(
        *(Category(code=str(age), label=str(age), low=age, high=age) for age in range(18)),
        Category(code="unknown", label="Not known"),
    ),
)
BANDS = Dimension(
    id="band",
    name="Age band",
    kind="age",
    categories=(
        Category(code="u9", label="8 and under", high=8),
        Category(code="9-11", label="9 to 11", low=9, high=11),
        Category(code="12-15", label="12 to 15", low=12, high=15),
        Category(code="16+", label="16 and over", low=16),
    ),
)
SEX = Dimension(
    id="sex",
    name="Sex",
    categories=(Category(code="F", label="Female"), Category(code="M", label="Male")),
)


def make_counted_survey(regions: dict[str, str] | None = None, **changes: object) -> Survey:
    """A survey of the authorities in `regions` (id -> region), two years, a total and two breakdowns by age."""
    regions = regions or {"ash": "North", "birch": "North", "cedar": "South", "elm": "South"}
    survey = Survey(
        id="counted",
        title="Counted",
        subject="offences",
        recorded_by="police",
        authority_noun=("force", "forces"),
        area="The Realm",
        headline="offences",
        periods=(
            Period(id=THEN, start=date(2015, 4, 1), end=date(2016, 3, 31)),
            Period(id=NOW, start=date(2016, 4, 1), end=date(2017, 3, 31)),
        ),
        dimensions=(AGES, BANDS, SEX),
        questions=(
            Question(id="offences", number="1", text="How many?", measure="Offences", unit="offences"),
            Question(
                id="by-age", number="2", text="By age?", measure="Offences", unit="offences", dimensions=("age",),
                total_of="offences",
            ),
            Question(
                id="victims", number="3", text="By band?", measure="Victims", unit="victims",
                dimensions=("band", "sex"), total_of="offences",
            ),
            Question(id="flag", number="4", text="Flag?", measure="Use of the flag", unit="records", kind="yes_no"),
        ),
        authorities=tuple(
            Authority(id=name, name=name.title(), nation="England", region=region) for name, region in regions.items()
        ),
        comparisons=(Comparison(base=THEN, period=NOW),),
    )  # fmt: skip
    return replace(survey, **changes)  # type: ignore[arg-type]


def observe(
    authority: str,
    period: str,
    value: int | str | None,
    *,
    question: str = "offences",
    dims: tuple[tuple[str, str], ...] = (),
    bounds: tuple[int, int | None] | None = None,
    caveats: tuple[CaveatKind, ...] = (),
    unit: Unit = "offences",
    document: str | None = None,
    ref: str = "",
    accepted: bool = True,
) -> Observation:
    """One accepted observation; `bounds` makes it a suppressed count."""
    return Observation(
        survey="counted",
        authority=authority,
        question=question,
        period=period,
        dimensions=dims,
        value=None if bounds else value,
        bounds=Bounds(low=bounds[0], high=bounds[1]) if bounds else None,
        unit=unit,
        status="suppressed" if bounds else "normal",
        accepted=accepted,
        original_value="*" if bounds else str(value),
        origin="reader",
        evidence=(),
        caveats=caveats,
        source=Source(document=document or f"{authority}/reply.csv", part="csv", ref=ref or "A1", quote=str(value)),
    )


def answer(authority: str, **changes: object) -> Reply:
    """A reply with one document."""
    document = Document(sha256="0" * 64, name="reply.csv", media_type="text/csv", path=f"{authority}/reply.csv")
    reply = Reply(
        id=authority, authority=authority, received=date(2017, 5, 1), outcome="successful", documents=(document,)
    )
    return replace(reply, **changes)  # type: ignore[arg-type]

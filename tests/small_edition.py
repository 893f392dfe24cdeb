"""A small edition made by hand: six forces, two periods, one spreadsheet and one letter, with their figures.

The counts are those published in June 2017 for Northamptonshire, Lincolnshire, Wiltshire and Durham; West
Yorkshire gave no reply and Surrey's is a range. Its figures are written out so that stories and publish are
tested against numbers that a person can check.
"""

from datetime import date

from answerable.model import (
    Authority,
    Bounds,
    Caveat,
    Cell,
    Comparison,
    Contact,
    Document,
    Edition,
    Exemption,
    Figure,
    Finding,
    Grid,
    Merge,
    Observation,
    Period,
    Question,
    Reference,
    Reply,
    Source,
    Survey,
)

NOW, THEN = "2016/17", "2015/16"
NSPCC = "https://www.nspcc.org.uk/what-we-do/news-opinion/rise-in-child-sex-offences-involving-the-internet/"
COUNTS = {"northamptonshire": (59, 72), "lincolnshire": (112, 58), "wiltshire": (10, 44), "durham": (None, 190)}
CHANCE = {"northamptonshire": 0.2573, "lincolnshire": 0.00004, "wiltshire": 0.000002}
NAMES = {
    "durham": ("Durham", "North East", "E23000008"),
    "lincolnshire": ("Lincolnshire", "East Midlands", "E23000020"),
    "northamptonshire": ("Northamptonshire", "East Midlands", "E23000022"),
    "surrey": ("Surrey", "South East", "E23000031"),
    "west-yorkshire": ("West Yorkshire", "Yorkshire and the Humber", "E23000010"),
    "wiltshire": ("Wiltshire", "South West", "E23000038"),
}


def make_survey(**changes: object) -> Survey:
    fields: dict[str, object] = {
        "id": "small",
        "title": "Cyber-flagged sexual offences",
        "subject": "cyber-flagged sexual offences against under-18s",
        "recorded_by": "police",
        "authority_noun": ("force", "forces"),
        "area": "England and Wales",
        "headline": "total",
        "periods": (
            Period(id=THEN, start=date(2015, 4, 1), end=date(2016, 3, 31)),
            Period(id=NOW, start=date(2016, 4, 1), end=date(2017, 3, 31)),
        ),
        "dimensions": (),
        "questions": (Question(id="total", number="1", text="How many?", measure="sexual offences", unit="offences"),),
        "authorities": tuple(
            Authority(
                id=key,
                name=name,
                aliases=("Northants",) if key.startswith("north") else (),
                nation="England",
                region=region,
                code=code,
                kind="territorial",
            )
            for key, (name, region, code) in NAMES.items()
        ),
        "comparisons": (Comparison(base=THEN, period=NOW),),
        "references": make_references(),
        "contact": Contact(name="Research desk", email="desk@example.org"),
        "helplines": ("Childline, 0800 1111, for anyone under 19.",),
    }
    return Survey(**{**fields, **changes})  # type: ignore[arg-type]


def make_references() -> tuple[Reference, ...]:
    rows = (
        ("nspcc-total", "total", NOW, "5653", 39),
        ("nspcc-per-day", "per_day", NOW, "15", 39),
        ("nspcc-mode", "mode:age", NOW, "13", None),
        ("nspcc-aged-10-and-under", "at_most:age:10", NOW, "nearly 100", None),
        ("nspcc-youngest", "minimum:age", NOW, "3", None),
    )
    return tuple(
        Reference(
            id=key, question="total", measure=measure, authority=None, period=period, value=value, n_answered=n,
            source=NSPCC, published="2017-06-01", status="stated", note="",
        )
        for key, measure, period, value, n in rows
    )  # fmt: skip


def make_figure(kind: str, where: str | None, value: object, **fields: object) -> Figure:
    base = {
        "id": "/".join([kind, where or "all", str(fields.get("period", NOW)).replace("/", "-")]),
        "title": kind,
        "kind": kind,
        "authority": where,
        "question": "total",
        "period": NOW,
        "value": value,
        "unit": "offences",
        "n_asked": 6 if where is None else 1,
        "n_answered": 5 if where is None else 1,
    }
    return Figure(**{**base, **fields})  # type: ignore[arg-type]


def make_figures() -> tuple[Figure, ...]:
    found = []
    for where, (then, now) in COUNTS.items():
        found.append(make_figure("total", where, now, observations=(find_observation(where, NOW).id,)))
        if then is None:
            continue
        found.append(make_figure("total", where, then, period=THEN, observations=(find_observation(where, THEN).id,)))
        found += [
            make_figure("change_abs", where, now - then, base_period=THEN),
            make_figure("change_pct", where, 100 * (now - then) / then, base_period=THEN),
            make_figure("p_value", where, CHANCE[where], base_period=THEN, unit="probability"),
        ]
    found += [
        make_figure("total", "surrey", None, low=46, high=52, observations=(find_observation("surrey", NOW).id,)),
        make_figure("total", None, None, low=410, high=416, missing=("west-yorkshire",)),
        make_figure("matched_total", None, 174, base_period=THEN, n_answered=3, n_matched=3),
        make_figure("matched_base", None, 181, base_period=THEN, n_answered=3, n_matched=3),
        make_figure("change_abs", None, -7, base_period=THEN, n_matched=3),
        make_figure("change_pct", None, -7 / 1.81, base_period=THEN, n_matched=3),
        make_figure("p_value", None, 0.72, base_period=THEN, n_matched=3),
        make_figure("total", "region:East Midlands", 130, n_asked=2, n_answered=2),
        make_figure("mode", None, "14", dimensions=()),
    ]
    for item in make_references():
        value = int(item.value) if item.value.isdigit() else item.value
        found.append(
            make_figure("reference", None, value, id=f"reference/all/{item.id}", n_answered=item.n_answered or 0)
        )
    return tuple(found)


def find_observation(where: str, period: str) -> Observation:
    return next(item for item in make_observations() if item.authority == where and item.period == period)


def make_observations() -> tuple[Observation, ...]:
    found = []
    for where, values in COUNTS.items():
        for column, (period, value) in enumerate(zip((THEN, NOW), values, strict=True)):
            if value is not None:
                found.append(_make_observation(where, period, value, None, f"{'BC'[column]}2", str(value)))
    found.append(_make_observation("surrey", NOW, None, Bounds(low=46, high=52), "p2", "46 and under 5 more"))
    return tuple(found)


def _make_observation(
    where: str, period: str, value: int | None, bounds: Bounds | None, ref: str, quote: str
) -> Observation:
    document, part = (f"{where}/reply.xlsx", 'sheet "Q1"') if value is not None else ("surrey/letter.txt", "text")
    return Observation(
        survey="small", authority=where, question="total", period=period, dimensions=(), value=value, bounds=bounds,
        unit="offences", status="normal" if value is not None else "suppressed", accepted=True, original_value=quote,
        origin="reader", evidence=("The heading names the period.",),
        source=Source(document=document, part=part, ref=ref, quote=quote),
    )  # fmt: skip


def make_grids() -> tuple[Grid, ...]:
    grids = []
    for where, values in COUNTS.items():
        texts = [(0, 0, "Offences <script>alert(1)</script>", "A1"), (0, 1, THEN, "B1"), (0, 2, NOW, "C1")]
        texts += [(1, 0, "Total", "A2")]
        texts += [(1, 1 + i, str(v), f"{'BC'[i]}2") for i, v in enumerate(values) if v is not None]
        cells = tuple(
            Cell(row=row, col=col, text=text, value=text, kind="text", ref=ref) for row, col, text, ref in texts
        )
        merges = (Merge(row=2, col=0, last_row=2, last_col=2),)
        grids.append(Grid(document=f"{where}/reply.xlsx", part='sheet "Q1"', kind="sheet", cells=cells, merges=merges))
    letter = ("Dear requester, our answer is below.", "46 and under 5 more")
    cells = tuple(
        Cell(row=n, col=0, text=text, value=text, kind="text", ref=f"p{n + 1}") for n, text in enumerate(letter)
    )
    grids.append(Grid(document="surrey/letter.txt", part="text", kind="text", cells=cells))
    return tuple(grids)


def make_replies() -> tuple[Reply, ...]:
    replies = []
    for where in NAMES:
        name = "letter.txt" if where == "surrey" else "reply.xlsx"
        documents = (Document(sha256="0" * 64, name=name, media_type="", path=f"{where}/{name}"),)
        silent = where == "west-yorkshire"
        replies.append(
            Reply(
                id=where, authority=where, received=None if silent else date(2017, 5, 2),
                outcome="waiting_response" if silent else "successful", documents=() if silent else documents,
                caveats=(Caveat(kind="rule_changed", text="Staff learned of the flag in the year."),)
                if where == "wiltshire" else (),
                recreated_from=(NSPCC,) if where == "northamptonshire" else (),
            )
        )  # fmt: skip
    return tuple(replies)


def make_refusal() -> Reply:
    return Reply(
        id="west-yorkshire", authority="west-yorkshire", received=date(2017, 5, 2), outcome="rejected",
        exemptions=(Exemption(question="", section="s.12"),),
    )  # fmt: skip


def make_edition() -> Edition:
    finding = Finding(
        check="unread-cell", severity="warning", message="A cell was left over.", subject="durham",
        source=Source(document="durham/reply.xlsx", part='sheet "Q1"', ref="A2", quote="Total"),
    )  # fmt: skip
    return Edition(
        survey=make_survey(),
        replies=make_replies(),
        grids=make_grids(),
        observations=make_observations(),
        findings=(finding,),
        figures=make_figures(),
    )

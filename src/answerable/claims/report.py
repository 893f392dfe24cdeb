"""Claims of an article -> rows for JSON, and the article as a page with every claim marked where it stands.

After checking. A verdict is told by a sign and a word, never by colour alone, and the page needs nothing from
anywhere else. The trap: two claims can share characters ("rose to 58" and "58"), and marks cannot cross.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from answerable.claims.series import OWN
from answerable.model import Claim, Figure, Reference, Survey

SIGNS: dict[str, str] = {
    "supported": "✓",
    "rounds": "≈",
    "truncates_only": "⌊",
    "overstated": "▲",
    "understated": "▽",
    "not_like_for_like": "≠",
    "wrong_base": "÷",
    "ratio_as_rise": "✗",
    "contradicted": "✗",
    "reverses": "✗",
    "undecided": "?",
    "suppressed": "■",
    "not_checkable": "·",
}
TONES: dict[str, str] = {
    "supported": "good",
    "rounds": "good",
    "understated": "fair",
    "truncates_only": "fair",
    "overstated": "poor",
    "not_like_for_like": "poor",
    "wrong_base": "poor",
    "undecided": "open",
    "not_checkable": "open",
    "suppressed": "bad",
    "ratio_as_rise": "bad",
    "contradicted": "bad",
    "reverses": "bad",
}


def list_rows(
    file: str, claims: Sequence[Claim], figures: Iterable[Figure] = (), survey: Survey | None = None
) -> list[dict[str, Any]]:
    """One row a claim: file, start, end, text, type, stated, bound_to, computed, verdict, explanation.

    `bound_to` lists what it was recomputed from: the id, what it is, its period, place, how many authorities are
    in it, the edition and the unit.
    """
    known = {figure.id: figure for figure in figures}
    return [
        {
            "file": file,
            "start": claim.span[0],
            "end": claim.span[1],
            "text": claim.text,
            "type": claim.type,
            "stated": claim.stated,
            "bound_to": [_describe(id_, known, survey) for joined in claim.bound_to for id_ in joined.split(" + ")],
            "computed": claim.computed,
            "verdict": claim.verdict,
            "explanation": claim.explanation,
        }
        for claim in claims
    ]


def _describe(id_: str, known: Mapping[str, Figure], survey: Survey | None) -> dict[str, Any]:
    for reference in survey.references if survey else ():
        if id_ == f"reference/{reference.id}":
            return _describe_reference(id_, reference, survey)
    if figure := known.get(id_):
        return {
            "id": id_,
            "series": figure.title or figure.kind,
            "period": figure.period,
            "place": _name_place(figure.authority, survey),
            "authorities": figure.n_matched if figure.n_matched is not None else figure.n_answered,
            "edition": "this survey",
            "unit": figure.unit,
        }
    return {"id": id_, "series": "printed in the text", "period": "", "place": "", "authorities": None, "edition": OWN}


def _describe_reference(id_: str, reference: Reference, survey: Survey | None) -> dict[str, Any]:
    questions = survey.questions if survey else ()
    return {
        "id": id_,
        "series": f"published {reference.measure}",
        "period": reference.period,
        "place": _name_place(reference.authority, survey),
        "authorities": reference.n_answered,
        "edition": f"published {reference.published}",
        "unit": next((q.unit for q in questions if q.id == reference.question), ""),
        "source": reference.source,
    }


def _name_place(authority: str | None, survey: Survey | None) -> str:
    if authority is None:
        return survey.area if survey else ""
    names = {a.id: a.name for a in survey.authorities} if survey else {}
    return names.get(authority, authority.removeprefix("region:"))


def cut_text(text: str, claims: Sequence[Claim]) -> list[list[tuple[str, int]]]:
    """The text cut into paragraphs of (piece, number of its claim or 0); of crossing claims the first is marked."""
    cuts: list[tuple[int, int, int]] = []
    last = 0
    for number, claim in enumerate(claims, start=1):
        if claim.span[0] >= last:
            cuts.append((claim.span[0], claim.span[1], number))
            last = claim.span[1]
    pieces: list[tuple[str, int]] = []
    at = 0
    for start, end, number in cuts:
        pieces += [(text[at:start], 0), (text[start:end], number)]
        at = end
    pieces.append((text[at:], 0))
    return _split_paragraphs(pieces)


def _split_paragraphs(pieces: Sequence[tuple[str, int]]) -> list[list[tuple[str, int]]]:
    paragraphs: list[list[tuple[str, int]]] = [[]]
    for piece, number in pieces:
        if number:
            paragraphs[-1].append((piece, number))
            continue
        first, *rest = piece.replace("\r\n", "\n").split("\n\n")
        paragraphs[-1].append((first, 0))
        for part in rest:
            paragraphs.append([(part, 0)])
    return [p for p in paragraphs if any(piece.strip() for piece, _ in p)]


def write_page(
    file: str, text: str, claims: Sequence[Claim], figures: Iterable[Figure] = (), survey: Survey | None = None
) -> bytes:
    """The article as one self-contained HTML page, UTF-8, with its claims marked and listed below."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from answerable.claims import TYPES, VERDICTS

    environment = Environment(
        loader=PackageLoader("answerable.claims", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    rows = list_rows(file, claims, figures, survey)
    counts = {verdict: sum(1 for claim in claims if claim.verdict == verdict) for verdict in VERDICTS}
    page = environment.get_template("article.html").render(
        file=file,
        against=survey.title if survey else "",
        paragraphs=cut_text(text, claims),
        rows=rows,
        counts={verdict: n for verdict, n in counts.items() if n},
        signs=SIGNS,
        tones=TONES,
        verdicts=VERDICTS,
        types=TYPES,
    )
    return page.encode()

"""Replies written by hand in the many ways that authorities answer, with what must be read from each.

tests/written/*.txt holds a survey and its replies: `=== name authority form`, the letter's lines with table rows
between upright bars, and after `--- expected`, `--- review` and `--- letter` what is to be read, left open and
said of the letter; `--- missed` repeats those of its lines that are known not to be read yet. The first reading of
each set was recorded before anything was changed for it.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simulated import read_documents

from answerable.model import Document, Finding, Grid, Observation, Reply, Survey
from answerable.observations import find_observations, settle_reply
from answerable.survey import parse_survey
from answerable.surveys.simulate.blocks import Area, Block, Paragraph, Part, Tabular, Value
from answerable.surveys.simulate.writers import letters, pages, sheets, text

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "written"
REGISTERS = ROOT / "src" / "answerable" / "surveys" / "registers"
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One reply: its bytes, the values to accept and to leave open, and what the letter says of itself."""

    name: str
    form: str
    survey: Survey
    reply: Reply
    document: Document
    parts: tuple[Part, ...]
    data: bytes
    expected: dict[Key, str]
    review: dict[Key, str]
    letter: tuple[str, ...]
    missed: frozenset[str]
    """Lines of `expected` and `letter` that the reader is known not to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What was read of a Written."""

    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
    reply: Reply
    grids: tuple[Grid, ...]


def list_sets() -> list[str]:
    """Names of the sets, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def read_set(name: str) -> list[Written]:
    """Every reply of one set, in its order."""
    head, *replies = re.split(r"^=== ", (FOLDER / f"{name}.txt").read_text(), flags=re.M)
    survey = parse_survey(head, name, _read_register)
    return [_read_reply(survey, text) for text in replies]


def _read_register(name: str) -> str | None:
    paths = (FOLDER / name, REGISTERS / f"{name}.csv")
    return next((path.read_text() for path in paths if path.is_file()), None)


def _read_reply(survey: Survey, raw: str) -> Written:
    head, _, rest = raw.partition("\n")
    name, authority, form = head.split()
    body, *sections = re.split(r"^--- ", rest, flags=re.M)
    said: dict[str, list[str]] = {}
    for section in sections:
        title, _, lines = section.partition("\n")
        said[title.strip()] = [line for line in lines.splitlines() if line.strip()]
    suffix = form.partition("-")[0]
    parts = read_parts(body.strip("\n").splitlines(), form)
    return Written(
        name=name,
        form=form,
        survey=survey,
        reply=Reply(id=authority, authority=authority, received=None, outcome="waiting_response"),
        document=Document(sha256="", name=f"reply.{suffix}", media_type="", path=f"{authority}/reply.{suffix}"),
        parts=parts,
        data=write_form(form, parts),
        expected=dict(map(_split_key, said.get("expected", ()))),
        review=dict(map(_split_key, said.get("review", ()))),
        letter=tuple(said.get("letter", ())),
        missed=frozenset(said.get("missed", ())),
    )


def _split_key(line: str) -> tuple[Key, str]:
    question, period, codes, value = line.split("|")
    return (question, period, codes), value


def read_parts(lines: list[str], form: str) -> tuple[Part, ...]:
    """The letter's blocks, a Part a sheet."""
    parts: list[Part] = []
    blocks: list[Block] = []
    name = ""
    rows: list[list[str]] = []
    for line in [*lines, "<end>"]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            blocks.append(_make_table(rows, ruled=form != "pdf-unruled"))
            rows = []
        if line.startswith("== ") or line == "<end>":
            if blocks:
                parts.append(Part(blocks=tuple(blocks), name=name))
            name, blocks = line[3:], []
        elif line.strip() and line != "<page>":
            blocks.append(Paragraph(text=line))
    return tuple(parts)


def _make_table(rows: list[list[str]], *, ruled: bool) -> Tabular:
    width = max(map(len, rows))
    texts = [row + [""] * (width - len(row)) for row in rows]
    values = tuple(tuple(_read_cell(cell) if cell not in ("", "^", "<") else None for cell in row) for row in texts)
    return Tabular(rows=values, merges=tuple(_find_merges(texts)), ruled=ruled)


def _read_cell(cell: str) -> Value:
    return int(cell) if re.fullmatch(r"\d{1,6}", cell) and not re.fullmatch(r"(?:19|20)\d\d", cell) else cell


def _find_merges(rows: list[list[str]]) -> Iterator[Area]:
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in ("^", "<"):
                continue
            down = next((n for n in range(r + 1, len(rows)) if rows[n][c] != "^"), len(rows)) - 1
            right = next((n for n in range(c + 1, len(row)) if row[n] != "<"), len(row)) - 1
            if down > r or right > c:
                yield r, c, down, right


def write_form(form: str, parts: tuple[Part, ...]) -> bytes:
    if form == "eml":
        return _write_mail(parts)
    writers = {
        "html": text.write_html, "txt": text.write_txt, "csv": text.write_csv, "rtf": text.write_rtf,
        "docx": letters.write_docx, "xlsx": sheets.write_xlsx, "xls": sheets.write_xls, "ods": sheets.write_ods,
        "pdf": pages.write_pdf, "pdf-unruled": pages.write_pdf, "pdf-scan": pages.write_scan,
    }  # fmt: skip
    return writers[form](parts)


def _write_mail(parts: tuple[Part, ...]) -> bytes:
    return b"Subject: Freedom of information\nFrom: foi@force.example\nTo: a@b.example\n" + (
        b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + text.write_html(parts)
    )


def answer(item: Written) -> Answered:
    """Read one reply as the line does."""
    grids = tuple(read_documents(item.document, item.data))
    observations, findings = find_observations(item.survey, item.reply, grids)
    reply = settle_reply(item.reply, grids, observations)
    return Answered(observations=observations, findings=findings, reply=reply, grids=grids)


def check_letter(item: Written, answered: Answered) -> list[str]:
    """The lines of `--- letter` that do not hold."""
    cited = {(e.question, e.section, e.subsection) for e in answered.reply.exemptions}
    checks = {finding.check for finding in answered.findings}
    holds = {
        "outcome": lambda text: answered.reply.outcome == text,
        "exemption": lambda text: tuple(text.split("|")) in cited,
        "caveat": lambda text: text in {c.kind for c in answered.reply.caveats},
        "finding": lambda text: text in checks,
        "address": lambda text: any(text == e.address for e in answered.reply.exemptions),
    }
    return [line for line in item.letter if not holds[line.split(" ", 1)[0]](line.split(" ", 1)[1])]


def list_missed(item: Written, accepted: dict[Key, str]) -> set[str]:
    """The lines of `--- expected` that were not accepted as they are."""
    return {"|".join((*key, value)) for key, value in item.expected.items() if accepted.get(key) != value}


def name_key(observation: Observation) -> Key:
    return observation.question, observation.period, " ".join(code for _, code in observation.dimensions)


def main() -> None:
    """Print what each reply gives, set by set: `python bench/written_replies.py [SET ...]`."""
    whole = [0, 0, 0]
    for name in sys.argv[1:] or list_sets():
        tally = [0, 0, 0]
        for item in read_set(name):
            answered = answer(item)
            read = {name_key(o): str(o.value if o.value is not None else o.status) for o in answered.observations
                    if o.accepted}  # fmt: skip
            wrong = {key: value for key, value in read.items() if item.expected.get(key) != value}
            lost = {key: value for key, value in item.expected.items() if read.get(key) != value}
            said = check_letter(item, answered)
            for n, number in enumerate((len(item.expected), len(item.expected) - len(lost), len(wrong))):
                tally[n] += number
            if wrong or lost or said:
                print(f"{name} {item.name} [{item.form}]: {len(lost)} of {len(item.expected)} lost")
                print(f"    wrong {wrong}" if wrong else "", f"    letter {said}" if said else "")
                for finding in answered.findings if lost or wrong else ():
                    print("   ", finding.check, finding.message[:230])
        print(f"## {name}: {tally[1]} of {tally[0]} read, {tally[2]} wrong")
        whole = [a + b for a, b in zip(whole, tally, strict=True)]
    print(f"## all: recall {whole[1] / whole[0]:.3f} ({whole[1]} of {whole[0]}), {whole[2]} wrong")


if __name__ == "__main__":
    main()

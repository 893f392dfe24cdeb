"""Rich text (rtf) -> its paragraphs and tables in order, then headers, footers, footnotes and text boxes.

Reads the control words itself: the library that strips them (striprtf) runs the paragraphs of a cell into the
rows of the table. The traps: a table is only a run of paragraphs marked `\\intbl`, its columns are nothing but
the right edges (`\\cellx`) that each row states anew, and characters come as bytes of a code page or as numbers
with a substitute to be skipped.
"""

import codecs
import re
from dataclasses import dataclass, field

from answerable.errors import UnreadableDocument
from answerable.formats.cells import Body, make_text_cell, tidy_text
from answerable.model import Cell, Document, Grid, Merge

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,9})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z])"
    r"|(?P<open>\{)|(?P<close>\})|[\r\n]+|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
SKIPPED = frozenset(
    "fonttbl colortbl stylesheet info pict objdata fldinst themedata datastore listtable listoverridetable "
    "nonshppict revtbl rsidtbl generator xmlnstbl latentstyles pnseclvl bkmkstart bkmkend template filetbl".split()
)
FLOWS = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footer"),
    "footnote": "footnotes",
    "annotation": "comments",
    "shptxt": "text box",
}
SIGNS = {"~": " ", "_": "-", "-": "", "\n": "\n", "\r": "\n"}
WORDS = {
    "tab": "\t",
    "line": "\n",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": " ",
    "enspace": " ",
    "nestcell": "\t",
    "nestrow": "\n",
}
NEAR = 40
"""Twips within which two rows' cell edges are one column."""


@dataclass(slots=True, kw_only=True)
class Edge:
    """One cell as its row states it: its right edge in twips and how it is merged."""

    at: int
    merged_right: bool = False
    merged_down: bool = False


@dataclass(slots=True, kw_only=True)
class Flow:
    """One run of text as it is collected: the body, a header, a footnote."""

    items: list[tuple[str, bool] | list[list[tuple[Edge, str]]]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    shown: bool = False
    cells: list[str] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    down: bool = False
    right: bool = False
    in_table: bool = False

    def end_paragraph(self) -> None:
        if self.in_table:
            self.text.append("\n")
            return
        self.items.append(("".join(self.text), not self.shown and bool("".join(self.text).strip())))
        self.text, self.shown = [], False

    def end_cell(self) -> None:
        self.cells.append("".join(self.text))
        self.text, self.shown = [], False

    def end_row(self) -> None:
        last = self.edges[-1].at if self.edges else 0
        edges = self.edges + [Edge(at=last + 1000 * (n + 1)) for n in range(len(self.cells) - len(self.edges))]
        row = list(zip(edges, self.cells, strict=False))
        if self.items and isinstance(self.items[-1], list):
            self.items[-1].append(row)
        elif row:
            self.items.append([row])
        self.cells = []


@dataclass(slots=True, kw_only=True)
class State:
    """What a group inherits from the one around it."""

    flow: str = "text"
    skip: bool = False
    unicode_skip: int = 1
    hidden: bool = False
    fresh: bool = True
    starred: bool = False


def read(document: Document, data: bytes) -> tuple[Grid, ...]:
    """Text grids and tables in order, then headers, footers, notes and text boxes; () when there is no text."""
    if not data.lstrip()[:5] == b"{\\rtf":
        raise UnreadableDocument(
            document.path, "is not rich text, whatever its name says", "Open it and save it again as docx or rtf"
        )
    body = Body(document=document)
    for name, flow in parse_rtf(data.decode("latin-1")).items():
        body.close_text(name)
        once: set[str] = set()
        for item in flow.items:
            if isinstance(item, tuple):
                # A header is stored again for first, left and right pages.
                if name not in ("header", "footer") or item[0] not in once:
                    body.add_paragraph(item[0], hidden=item[1])
                once.add(item[0])
            else:
                body.add_table(*build_table(item))
    return body.finish()


def parse_rtf(text: str) -> dict[str, Flow]:
    """The flows of a rich-text document by name, the body first."""
    flows = {"text": Flow()}
    stack = [State()]
    pending = bytearray()
    page, left = "cp1252", 0
    for match in _TOKEN.finditer(text):
        kind, state = match.lastgroup, stack[-1]
        if kind == "hex":
            if left:
                left -= 1
            elif not state.skip:
                pending.append(int(match["hex"], 16))
            continue
        if pending:
            put_text(flows[state.flow], pending.decode(page, "replace"), state)
            pending.clear()
        if kind == "text":
            shown = match["text"]
            cut = min(left, len(shown))
            left -= cut
            put_text(flows[state.flow], shown[cut:], state)
        elif kind in ("open", "close"):
            change_group(kind, stack, flows)
            left = 0
        elif kind == "sign":
            state.starred = state.starred or match["sign"] == "*"
            put_text(flows[state.flow], read_sign(match["sign"]), state)
        elif match["word"] == "ansicpg":
            page = find_page(int(match["number"] or 0))
        elif match["word"] == "u" and not state.skip:
            put_text(flows[state.flow], chr(int(match["number"] or 0) & 0xFFFF), state)
            left = state.unicode_skip
        elif match["word"]:
            obey_word(match["word"], match["number"], state, flows)
    flows["text"].end_paragraph()
    return flows


def read_sign(sign: str) -> str:
    return sign if sign in "\\{}" else SIGNS.get(sign, "")


def find_page(number: int) -> str:
    name = f"cp{number}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def put_text(flow: Flow, text: str, state: State) -> None:
    state.fresh = state.fresh and not text.strip()
    if not state.skip and text:
        flow.text.append(text)
        flow.shown = flow.shown or not state.hidden


def change_group(kind: str, stack: list[State], flows: dict[str, Flow]) -> None:
    """Enter a group, which inherits, or leave one, which ends the paragraph of a flow of its own."""
    if kind == "open":
        now = stack[-1]
        stack.append(State(flow=now.flow, skip=now.skip, unicode_skip=now.unicode_skip, hidden=now.hidden))
        return
    if len(stack) < 2:
        return
    ended = stack.pop()
    if ended.flow != stack[-1].flow and flows[ended.flow].text:
        flows[ended.flow].in_table = False
        flows[ended.flow].end_paragraph()


def obey_word(word: str, number: str | None, state: State, flows: dict[str, Flow]) -> None:
    """Act on one control word: open a destination, end a paragraph, cell or row, or note a cell's edge."""
    if state.fresh and word in FLOWS:
        state.flow, state.skip = FLOWS[word], False
        flows.setdefault(state.flow, Flow())
    elif state.fresh and (word in SKIPPED or (state.starred and word not in ("shpinst", "shp", "listtext"))):
        state.skip = True
    elif state.fresh and word in ("shpinst", "shp"):
        # A drawn shape is a list of settings; only the text in it (shptxt) is for reading.
        state.skip = True
    state.fresh = state.fresh and word in ("uc",)
    if word == "uc":
        state.unicode_skip = min(max(int(number or 1), 0), 10)
    elif word == "v":
        state.hidden = number != "0"
    elif word == "plain":
        state.hidden = False
    elif state.skip:
        return
    else:
        obey_layout(word, int(number or 0), flows[state.flow], state)


def obey_layout(word: str, number: int, flow: Flow, state: State) -> None:
    if word in ("par", "sect", "page"):
        flow.end_paragraph()
    elif word == "cell":
        flow.end_cell()
    elif word == "row":
        flow.end_row()
    elif word == "intbl":
        flow.in_table = True
    elif word == "pard":
        flow.in_table = False
    elif word == "trowd":
        flow.edges = []
    elif word == "clvmrg":
        flow.down = True
    elif word == "clmrg":
        flow.right = True
    elif word == "cellx":
        flow.edges.append(Edge(at=number, merged_right=flow.right, merged_down=flow.down))
        flow.down = flow.right = False
    elif word in WORDS:
        put_text(flow, WORDS[word], state)


def build_table(rows: list[list[tuple[Edge, str]]]) -> tuple[list[Cell], list[Merge]]:
    """Cells and merges of a table: every edge that any row states begins a column."""
    columns: list[int] = []
    for at in sorted({edge.at for row in rows for edge, _ in row}):
        if not columns or at - columns[-1] > NEAR:
            columns.append(at)
    cells: list[Cell] = []
    areas: dict[tuple[int, int], tuple[int, int]] = {}
    above: dict[int, tuple[int, int]] = {}
    for row, line in enumerate(rows):
        start, corner = 0, (row, 0)
        for edge, raw in line:
            last = max(start, sum(1 for at in columns if at <= edge.at + NEAR) - 1)
            if not edge.merged_right:
                corner = above.get(start, (row, start)) if edge.merged_down else (row, start)
            above[start] = corner
            if text := tidy_text(raw):
                cells.append(make_text_cell(row, start, text))
            if corner != (row, last):
                down, right = areas.get(corner, corner)
                areas[corner] = (max(down, row), max(right, last))
            start = last + 1
    return cells, [Merge(row=at[0], col=at[1], last_row=end[0], last_col=end[1]) for at, end in sorted(areas.items())]

"""The list numbers that Word shows before paragraphs but does not store in their text.

Stands under docx. A reply that answers "2." by automatic numbering has no "2" in its text: without this, which
question it answers is lost. The trap: counters belong to the abstract list, run through the whole document and
start again when a higher level moves on.
"""

from dataclasses import dataclass, field

from lxml import etree

from answerable.formats.package import Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
MAX_STYLES = 20
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a list: where it starts, its kind of numeral and its pattern ("%1.%2)")."""

    start: int
    kind: str
    pattern: str


@dataclass(slots=True, kw_only=True)
class Numbering:
    """Every list of a document and how far each has counted. Mutable: it counts as paragraphs are read."""

    lists: dict[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)
    """List id -> the abstract list it follows, and its levels."""
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Paragraph style -> list id and level."""
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label_paragraph(self, paragraph: etree._Element) -> str:
        """The list number shown before a paragraph ("2.", "(b)"), "" for none or a bullet; moves the count on."""
        if not self.lists:
            return ""
        number, depth = self._find_list(paragraph)
        if number not in self.lists or depth not in self.lists[number][1]:
            return ""
        abstract, levels = self.lists[number]
        counts = self.counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if levels[depth].kind in ("bullet", "none"):
            return ""
        label = levels[depth].pattern
        for index in range(depth + 1):
            if index in levels:
                label = label.replace(
                    f"%{index + 1}", write_numeral(counts.get(index, levels[index].start), levels[index].kind)
                )
        return label

    def _find_list(self, paragraph: etree._Element) -> tuple[str, int]:
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return "", 0
        style = properties.find(W + "pStyle")
        number, depth = self.styles.get(style.get(VAL, "") if style is not None else "", ("", 0))
        own = properties.find(W + "numPr")
        if own is not None:
            number = read_value(own.find(W + "numId"), number)
            depth = read_int(own.find(W + "ilvl"), depth)
        return number, depth


def read_numbering(package: Package, main: str, root: etree._Element) -> Numbering:
    """The lists and list styles of a Word package; empty when no paragraph under `root` can be in a list."""
    numbered = next(root.iter(W + "numPr"), None) is not None
    if not numbered and next(root.iter(W + "pStyle"), None) is None:
        return Numbering()
    lists_root = package.read_tree(package.find_part(main, "numbering"))
    if lists_root is None:
        return Numbering()
    styles = package.read_member(package.find_part(main, "styles"))
    # Most letters number by hand: their styles hold no list, and are the largest part of the file.
    named = read_styles(package.parse_tree("styles", styles)) if b"numPr" in styles else {}
    used = {style.get(VAL) for style in root.iter(W + "pStyle")}
    if not numbered and not used & named.keys():
        return Numbering()
    abstract = {item.get(W + "abstractNumId", ""): read_levels(item) for item in lists_root.findall(W + "abstractNum")}
    lists = {}
    for item in lists_root.findall(W + "num"):
        target = read_value(item.find(W + "abstractNumId"), "")
        levels = dict(abstract.get(target, {}))
        key = target
        for change in item.findall(W + "lvlOverride"):
            depth = change.get(W + "ilvl", "")
            start = change.find(W + "startOverride")
            if depth.isdigit() and start is not None and int(depth) in levels:
                level = levels[int(depth)]
                levels[int(depth)] = Level(start=read_int(start, 1), kind=level.kind, pattern=level.pattern)
                key = f"num {item.get(W + 'numId', '')}"
        lists[item.get(W + "numId", "")] = (key, levels)
    return Numbering(lists=lists, styles=named)


def read_levels(item: etree._Element) -> dict[int, Level]:
    levels = {}
    for level in item.findall(W + "lvl"):
        depth = level.get(W + "ilvl", "")
        if depth.isascii() and depth.isdigit() and int(depth) < 9:
            levels[int(depth)] = Level(
                start=read_int(level.find(W + "start"), 1),
                kind=read_value(level.find(W + "numFmt"), "decimal"),
                pattern=read_value(level.find(W + "lvlText"), ""),
            )
    return levels


def read_styles(root: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Paragraph style -> its list, its own or that of the style it is based on."""
    own: dict[str, tuple[str, int]] = {}
    parents: dict[str, str] = {}
    for style in root.findall(W + "style") if root is not None else ():
        name = style.get(W + "styleId", "")
        parents[name] = read_value(style.find(W + "basedOn"), "")
        numbers = style.find(f"{W}pPr/{W}numPr")
        if numbers is not None:
            own[name] = (read_value(numbers.find(W + "numId"), ""), read_int(numbers.find(W + "ilvl"), 0))
    found = {}
    for name in parents:
        at = name
        for _ in range(MAX_STYLES):
            if at in own:
                found[name] = own[at]
                break
            at = parents.get(at, "")
    return found


def read_value(node: etree._Element | None, default: str) -> str:
    return str(node.get(VAL, default)) if node is not None else default


def read_int(node: etree._Element | None, default: int) -> int:
    text = read_value(node, "")
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() else default


def write_numeral(number: int, kind: str) -> str:
    """A count as Word writes it: decimal, a letter or a Roman numeral; decimal for kinds not known here."""
    if kind in ("lowerLetter", "upperLetter") and number > 0:
        text = chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
    elif kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        text = ""
        for value, sign in _ROMAN:
            text += sign * (number // value)
            number %= value
    else:
        text = f"{number:02}" if kind == "decimalZero" else str(number)
    return text.upper() if kind.startswith("upper") else text

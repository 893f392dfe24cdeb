"""A workbook's styles -> the number format of each cell style, by its number.

Stands under xlsx. The trap: the commonest formats are built in by number and written down nowhere in the file,
and number 14 is the reader's own short date, which for an authority of the United Kingdom is dd/mm/yyyy.
"""

from lxml import etree

from answerable.formats.number_format import GENERAL

BUILT_IN: dict[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd/mm/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm",
    37: "#,##0;(#,##0)",
    38: "#,##0;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    41: '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
    42: '_-"£"* #,##0_-;-"£"* #,##0_-;_-"£"* "-"_-;_-@_-',
    43: '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-',
    48: "##0.0E+0",
    49: "@",
    5: '"£"#,##0',
    6: '"£"#,##0',
    7: '"£"#,##0.00',
    8: '"£"#,##0.00',
    44: '_-"£"* #,##0.00_-;-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-',
}
"""Number formats by number that the file need not spell out (ECMA-376 part 1, 18.8.30)."""


def read_formats(root: etree._Element | None) -> tuple[str, ...]:
    """The number format code of each cell style in order; () for a workbook without styles."""
    if root is None:
        return ()
    own = {}
    for item in root.iterfind("{*}numFmts/{*}numFmt"):
        if (number := read_id(item.get("numFmtId"))) is not None:
            own[number] = item.get("formatCode", "") or GENERAL
    formats = []
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        number = read_id(style.get("numFmtId")) or 0
        formats.append(own.get(number) or BUILT_IN.get(number, GENERAL))
    return tuple(formats)


def read_id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None

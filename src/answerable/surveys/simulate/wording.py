"""How replies word things: periods, categories, totals, suppressed and empty cells, and the letters around them.

Most labels are the survey's own or one of its aliases; some have a code before them, another case, a typing
mistake or a footnote mark. The trap: a key that explains a mark must stand in the reply wherever the mark does.
"""

import random
from dataclasses import dataclass

from answerable.surveys.simulate.blocks import Paragraph, Value
from answerable.surveys.simulate.world import OFFENCES, PERIODS

AGE_LABELS = {
    "0-11": ("11 and under", "0-11", "Under 12", "11 or under", "0 to 11"),
    "12-15": ("12-15", "12 to 15", "Aged 12-15"),
    "16-17": ("16-17", "16 and 17", "16 to 17"),
    "unknown": ("Not known", "Unknown", "Age not recorded", "Not recorded"),
}
SEX_LABELS = {
    "F": ("Female", "Females", "Girls"),
    "M": ("Male", "Males", "Boys"),
    "unknown": ("Unspecified", "Not stated", "Unknown sex"),
}
SHORT_OFFENCES = {
    "71/17": "Engage in sexual communication with a child",
    "86/2": "Take/make/distribute indecent photographs of children",
    "86/10": "Possess indecent photograph of a child",
    "88/1": "Meeting a female child following grooming",
    "22/8": "Cause/incite female child under 16 to engage in sexual activity",
    "22/11": "Cause child under 16 to watch a sexual act",
    "71/1": "Arrange/facilitate commission of a child sex offence",
}
TOTALS = ("Total", "Grand Total", "TOTAL", "Overall total", "Sum:")
OFFENCE_HEADS = ("Offence", "Offence type", "Offence description", "Crime type")
AGE_HEADS = ("Age of victim", "Victim age", "Age group")
PERIOD_HEADS = ("Financial year", "Year", "Period")
OPENINGS = (
    "Thank you for your request under the Freedom of Information Act 2000. Our response is set out below.",
    "Your request for information has now been considered. Please see our answers below.",
    "I write in connection with your request. I can confirm that the force holds the information you asked for.",
)
FOOTERS = (
    "Police forces in the United Kingdom are routinely required to provide crime statistics to government bodies; "
    "the systems used are not generic and these data should not be compared with another force's.",
    "If you are not content with this response you may ask for an internal review within 40 working days.",
    "This force is a live-recording force and figures may change as investigations go on.",
)
REFERENCES = ("FOI 1043/24", "Ref: 2024-00871", "Our reference 24/1187")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one cell says: its text, and what that text is worth. `low` and `high` stand for a suppressed count."""

    text: Value
    value: int | None = None
    low: int | None = None
    high: int | None = None
    status: str = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One author's habits, kept through one reply."""

    period: int
    total: str
    offence: str
    zero: str
    mark: str
    commas: bool
    typo: bool
    footnote: bool
    periods: tuple[str, ...]
    """In the order the author writes them: some put the latest year first."""


ZEROS = {"0": "", "-": "- denotes nil.", "nil": "", "": "A blank cell means that no offences were recorded."}
MARKS = {
    "": ("", 0),
    "<5": ("Counts under five are shown as <5.", 0),
    "*": ("* denotes a count of 1 to 4, withheld to protect individuals (section 40(2)).", 1),
    "1-4": ("Small counts are given as 1-4.", 1),
    "[c]": ("[c] = confidential: fewer than five.", 0),
    "~": ("~ stands for fewer than five.", 0),
}
"""Mark of a suppressed count -> the key printed for it, and the least count it can hide."""


def choose_style(draw: random.Random) -> Style:
    return Style(
        period=draw.randrange(6),
        total=draw.choice(TOTALS),
        offence=draw.choice(("label", "label", "short", "code-label", "label-code", "padded-code", "upper")),
        zero=draw.choice(("0", "0", "0", "-", "nil", "")),
        mark=draw.choice(("", "", "", "<5", "*", "1-4", "[c]", "~")),
        commas=draw.random() < 0.5,
        typo=draw.random() < 0.15,
        footnote=draw.random() < 0.2,
        periods=PERIODS if draw.random() < 0.8 else PERIODS[::-1],
    )


def show_period(period: str, style: Style) -> str:
    first, last = period[:4], period[5:]
    return (
        period,
        f"{first}-{last}",
        f"{first}/20{last}",
        f"FY {first}/{last}",
        f"{first}\u2013{last}",
        f"Apr {first} - Mar 20{last}",
    )[style.period]


def show_offence(code: str, style: Style, draw: random.Random) -> str:
    label = dict(OFFENCES)[code]
    number, _, part = code.partition("/")
    text = {
        "label": label,
        "short": SHORT_OFFENCES[code],
        "code-label": f"{code} - {label}",
        "label-code": f"{label} ({code})",
        "padded-code": f"{int(number):03d}/{int(part):02d} {label}",
        "upper": label.upper(),
    }[style.offence]
    return add_typo(text, draw) if style.typo and draw.random() < 0.3 else text


def show_age(age: str, draw: random.Random) -> str:
    return draw.choice(AGE_LABELS[age])


def show_sex(sex: str, draw: random.Random) -> str:
    return draw.choice(SEX_LABELS[sex])


def add_typo(text: str, draw: random.Random) -> str:
    """Two neighbouring letters of a long word change places."""
    words = text.split(" ")
    long = [index for index, word in enumerate(words) if len(word) > 6 and word.isalpha()]
    if not long:
        return text
    index = draw.choice(long)
    place = draw.randrange(1, len(words[index]) - 2)
    word = words[index]
    words[index] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return " ".join(words)


def state_count(count: int, style: Style, *, suppress: bool = True) -> Stated:
    """What a cell says of a count, by the author's habits."""
    key, low = MARKS[style.mark]
    if suppress and key and max(low, 1) <= count < 5:
        return Stated(text=style.mark, low=low, high=4, status="suppressed")
    if count == 0:
        return Stated(text=0 if style.zero == "0" else style.zero or None, value=0)
    return Stated(text=count, value=count)


def show_keys(style: Style, *, zero: bool, mark: bool) -> tuple[Paragraph, ...]:
    """The sentences that explain the marks in use."""
    keys = (ZEROS[style.zero] if zero else "", MARKS[style.mark][0] if mark else "")
    return tuple(Paragraph(text=text) for text in keys if text)

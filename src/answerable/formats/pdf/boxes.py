"""The boxes that everything on a page stands in, in points from the top left corner, and how they are placed.

Shared by every PDF step and by scanned pages. `Word` and `Frame` are named tuples, not dataclasses: a page makes
thousands of them. The trap: PDF counts heights from the bottom, from any corner, and turns pages afterwards.
"""

from typing import NamedTuple

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Word(NamedTuple):
    """Characters with no space between, and its box. `sideways` is a whole line of text
    that runs up or down the page, spaces included. `run` tells pieces of text that the file sets separately apart
    from those set in one go; 0 where that is not known."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    sideways: bool = False
    run: int = 0


class Frame(NamedTuple):
    """How a point of the page's own space is shown: the visible box and clockwise quarter turns."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    def place(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The box as seen: left, top, right, bottom from the top left corner."""
        if self.turn == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.turn == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turn == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left

    @property
    def size(self) -> tuple[float, float]:
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.turn % 2 else (wide, high)


FAR = 1e6
"""Points beyond which nothing is on any page; PDF allows 14,400."""


def is_finite(box: Box) -> bool:
    """Whether a box is at a place at all: a broken file may set text at infinity."""
    # Not a number compares as false with everything, and so fails here as infinity does.
    left, top, right, bottom = box
    return -FAR < left <= right < FAR and -FAR < top <= bottom < FAR


def join_words(first: Word, second: Word, between: str = "") -> Word:
    """One word of two, with `between` between their texts."""
    return Word(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
        first.text + between + second.text,
        first.sideways,
        first.run,
    )

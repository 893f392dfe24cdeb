"""Figures -> sentences, releases and the bulletin; every Sentence names the figures it states.

It stands after `claims` and before `publish`, which sets stories in type and adds nothing to them. The trap:
wording is chosen by the data through `grammar`, so no template may hold a number or a word of direction.
"""

from answerable.stories.answers import ANSWERS, make_answer, parse_answers, tell_answer, write_answer
from answerable.stories.causes import Cause
from answerable.stories.differences import Difference, Value, compare_printed, find_differences
from answerable.stories.grammar import (
    find_percent,
    find_totals,
    tell_chance,
    tell_change,
    tell_level,
    word_break,
    write_value,
)
from answerable.stories.ground import Ground, find_authority, find_figure, list_comparisons, prepare_ground
from answerable.stories.notes import Link, Note
from answerable.stories.printed import (
    Placed,
    Printed,
    parse_printed,
    place_sentences,
    print_edition,
    write_sentences,
)
from answerable.stories.proof import check_stories, find_unproven
from answerable.stories.references import list_references, tell_reference
from answerable.stories.releases import Story, name_slug, tell_stories, tell_story, write_standing

__all__ = [
    "ANSWERS",
    "Cause",
    "Difference",
    "Ground",
    "Link",
    "Note",
    "Placed",
    "Printed",
    "Story",
    "Value",
    "check_stories",
    "compare_printed",
    "find_authority",
    "find_differences",
    "find_figure",
    "find_percent",
    "find_totals",
    "find_unproven",
    "list_comparisons",
    "list_references",
    "make_answer",
    "name_slug",
    "parse_answers",
    "parse_printed",
    "place_sentences",
    "prepare_ground",
    "print_edition",
    "tell_answer",
    "tell_chance",
    "tell_change",
    "tell_level",
    "tell_reference",
    "tell_stories",
    "tell_story",
    "word_break",
    "write_answer",
    "write_sentences",
    "write_standing",
    "write_value",
]

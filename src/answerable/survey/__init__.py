"""survey.toml -> Survey, with its register of authorities, periods and code lists.

The first step of the line. Files are handed in by a `read_file` callable, so that nothing here knows a path.
The trap: a misspelt key must never be ignored, because a setting that silently does nothing changes figures;
every unknown key is an error that names the nearest known one.
"""

from answerable.survey.embargo import is_embargoed, write_embargo
from answerable.survey.parse import parse_survey
from answerable.survey.periods import parse_period_id
from answerable.survey.register import find_authority, parse_register
from answerable.survey.settings import SETTINGS, Setting

__all__ = [
    "SETTINGS",
    "Setting",
    "find_authority",
    "is_embargoed",
    "parse_period_id",
    "parse_register",
    "parse_survey",
    "write_embargo",
]

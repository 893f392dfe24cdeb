"""Every exception the package raises on purpose.

    AnswerableError
    ├── SurveyError          survey.toml, lookups.toml, a register or a code list is wrong
    ├── StoreError           the survey folder is missing, unreadable or locked
    ├── FigureError          a figure was asked for that the survey cannot give
    └── UnreadableDocument   a reader could not open a document; the line makes it a Finding

Data never raises: a strange cell yields a Finding. These are for the person at the keyboard, so every
message says where, what is wrong, and what to do next.
"""


class AnswerableError(Exception):
    """An error with the three parts of a useful message: where, what, and what next."""

    def __init__(self, where: str, what: str, next_step: str) -> None:
        super().__init__(f"{where}: {what}. {next_step}.")
        self.where = where
        self.what = what
        self.next_step = next_step

    def __reduce__(self) -> tuple[type["AnswerableError"], tuple[str, str, str]]:
        # Readers run in worker processes; the default reduce would pass one argument to a three-argument __init__.
        return type(self), (self.where, self.what, self.next_step)


class SurveyError(AnswerableError):
    """The survey's own files say something that cannot be acted on."""


class StoreError(AnswerableError):
    """The survey folder cannot be used as it stands."""


class FigureError(AnswerableError):
    """A figure was asked for that does not follow from the survey."""


class UnreadableDocument(AnswerableError):
    """A document could not be opened; caught by the line, which files a Finding and goes on."""

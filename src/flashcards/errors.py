"""Errors with exit codes, and problems in files."""

from typing import NamedTuple

EXIT_PROBLEMS = 1  # of a command that looked for problems and found some
MAX_SHOWN_CHARACTERS = 100  # of a faulty line


class Problem(NamedTuple):
    """One problem in a user's file, with its place and remedy."""

    path: str
    line: int
    column: int
    message: str
    remedy: str = ""
    source_line: str = ""  # the faulty line without its newline; may be ""
    is_warning: bool = False  # valid, but surely not meant

    @property
    def summary(self) -> str:
        """The place, problem and remedy on one line."""
        return " ".join(f"{self._head}. {self.remedy}".split())

    @property
    def place(self) -> str:
        """Where it is: a line of a file, or all of the file."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

    @property
    def _head(self) -> str:
        return f"{self.place}: {'warning: ' if self.is_warning else ''}{self.message}"

    def __str__(self) -> str:
        text = self._head
        if self.source_line:
            start = (
                max(0, self.column - MAX_SHOWN_CHARACTERS // 2)
                if len(self.source_line) > MAX_SHOWN_CHARACTERS
                else 0
            )
            shown = self.source_line[start : start + MAX_SHOWN_CHARACTERS]
            text += f"\n{self.line:>5} | {shown}\n      | {' ' * (self.column - 1 - start)}^"
        if self.remedy:
            text += "\n      " + self.remedy.replace("\n", "\n      ")
        return text


class FlashcardsError(Exception):
    """An error explained by its message; nothing was lost."""

    exit_code = 1


class UsageError(FlashcardsError):
    """The command line or input is not valid."""

    exit_code = 2


class DeckError(FlashcardsError):
    """One or more deck files have problems."""

    def __init__(self, problems: list[Problem], outcome: str = "Nothing was changed.") -> None:
        self.problems = problems
        super().__init__("\n".join([*map(str, problems), outcome]))


class StoreError(FlashcardsError):
    """The store cannot be read or written."""


class LockTimeoutError(StoreError):
    """Another process holds the journal for too long."""


class ChangedMeanwhileError(StoreError):
    """Another program changed a file since it was read; its change stays."""


class ReadOnlyStoreError(StoreError):
    """The store was written by a newer version and can only be read."""


class LostHistoryError(StoreError):
    """A store has less history than this machine has seen there."""

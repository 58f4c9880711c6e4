"""The error family: exit codes, and problems in files."""

from __future__ import annotations

from typing import NamedTuple

EXIT_PROBLEMS = 1
"""Exit code of a command that looked for problems and found some."""
MAX_SHOWN_CHARACTERS = 100
"""How much of a faulty line is shown, in characters."""


class Problem(NamedTuple):
    """One fault in a user's file: where (line and column from 1), what, and how to mend it."""

    path: str
    line: int
    column: int
    message: str
    remedy: str = ""
    source_line: str = ""
    """The faulty line itself, without its newline; "" when there is none to show."""
    is_warning: bool = False
    """It is sound, and surely not meant."""

    @property
    def summary(self) -> str:
        """Where, what, and how to mend it, on one line."""
        return " ".join(f"{self._head}. {self.remedy}".split())

    @property
    def _head(self) -> str:
        where = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{where}: {'warning: ' if self.is_warning else ''}{self.message}"

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
    """Something went wrong that the message explains; nothing was lost."""

    exit_code = 1


class UsageError(FlashcardsError):
    """The command was given words that it cannot take."""

    exit_code = 2


class DeckError(FlashcardsError):
    """One or more deck files hold faults; `problems` has them all."""

    def __init__(self, problems: list[Problem], outcome: str = "Nothing was changed.") -> None:
        self.problems = problems
        super().__init__("\n".join([*map(str, problems), outcome]))


class StoreError(FlashcardsError):
    """The store on disk cannot be read or written as it must be."""


class LockTimeoutError(StoreError):
    """Another process has held the journal for longer than a write can take."""


class ChangedMeanwhileError(StoreError):
    """Another program has written a file since it was read; it is as that one left it."""


class ReadOnlyStoreError(StoreError):
    """The store was written by a newer version, so this one only reads it."""


class LostHistoryError(StoreError):
    """A store has less in it than this machine has seen there."""

"""A context whose output is shown on the home's next screen."""

from __future__ import annotations

from dataclasses import dataclass, field

from flashcards.app.command_context import CommandContext


@dataclass(frozen=True, slots=True)
class RecordingContext(CommandContext):
    """A context that records its output for a screen."""

    recorded: list[str] = field(default_factory=list)

    def print(self, line: str = "") -> None:
        """Record a line, and print it below the screens."""
        CommandContext.print(self, line)
        self.recorded.append(line)

    def print_notice(self, line: str) -> None:
        """Record a notice."""
        self.recorded.append(line)

"""A line of styled text that does not need rich."""

from typing import TYPE_CHECKING, TypeAlias

from flashcards.terminal.text.width import display_width, truncate

if TYPE_CHECKING:
    from rich.text import Text

FrameLine: TypeAlias = "Text | StyledLine"


class StyledLine:
    """Runs of text, each with its style."""

    __slots__ = ("runs",)

    def __init__(self, *runs: str | tuple[str, str]) -> None:
        self.runs = [(run, "") if isinstance(run, str) else run for run in runs]

    @property
    def plain(self) -> str:
        """The text alone."""
        return "".join(text for text, _ in self.runs)

    @property
    def cell_len(self) -> int:
        """The columns the line takes."""
        return display_width(self.plain)

    def truncate(self, max_width: int, *, overflow: str = "ellipsis") -> None:  # noqa: ARG002 (as rich's Text has it)
        """Cut the line to `max_width` columns."""
        runs, room = [], max_width
        for text, style in self.runs:
            if room <= 0:
                break
            kept = truncate(text, room)
            runs.append((kept, style))
            room = 0 if kept != text else room - display_width(kept)
        self.runs = runs

"""Styled lines that are written and done with: in colour to a terminal, as plain text elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TextIO

from rich.text import Text

from flashcards.terminal.console import encodable, safe, write_line
from flashcards.terminal.screen import painted
from flashcards.terminal.theme import chosen


def write_styled(
    stream: TextIO, lines: Iterable[Text], setting: str, environment: Mapping[str, str]
) -> None:
    """Write lines in the palette that the setting `theme` stands for.

    Nobody waits here for a terminal to tell its background: where it is unknown, no colour is.
    """
    if not stream.isatty() or environment.get("TERM", "dumb") == "dumb":
        for line in lines:
            write_line(stream, line.plain)
        return
    palette, unsure = chosen(setting, environment)
    for line in lines:
        gated = line if safe(line.plain) == line.plain else Text(safe(line.plain))
        shown = painted(gated, "mono" if unsure else palette)
        stream.write(encodable(shown, stream.encoding) + "\n")
    stream.flush()

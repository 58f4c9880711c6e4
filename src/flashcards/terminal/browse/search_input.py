"""The search above the card list, with its suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from rich.text import Text

from flashcards.core.date_text import RELATIVE_DAYS
from flashcards.core.describe_search import describe_query
from flashcards.core.search_query import CARD_STATES, DATE_FIELDS, NAME_FIELDS, NUMBER_FIELDS, parse_query
from flashcards.errors import UsageError
from flashcards.terminal import theme
from flashcards.terminal.device.line_editor import LineInput
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize_line

MAX_SHOWN = 40
TAB_STEPS = {"tab": 1, "backtab": -1}
LAST_WORD = re.compile(r'[-!(]*(?P<term>(?:\w+(?:<=|>=|!=|[<>=:]))?"[^"]*|[^\s()"]*)$')
"""The last term typed so far; its quotation mark may still be open."""
NEEDS_QUOTES = re.compile(r'[\s()"]')


class SearchLine(NamedTuple):
    """A search, and suggestions for the term at the cursor."""

    today: date
    names: tuple[Sequence[str], Sequence[str]] = ((), ())  # the tags and the decks
    line: LineInput = LineInput()
    is_typing: bool = False
    start: int = 0  # offset of the term that a suggestion replaces
    suggestions: Sequence[str] = ()
    picked: int = -1  # index of the chosen suggestion; -1 for none

    @property
    def text(self) -> str:
        """The search text."""
        return self.line.text

    @property
    def fault(self) -> str:
        """What is wrong with the search, or ""."""
        try:
            parse_query(self.text, self.today)
        except UsageError as error:
            return str(error).split("\n", maxsplit=1)[0]
        return ""

    def edit(self, text: str) -> SearchLine:
        """Start typing, with the cursor after `text`."""
        return self._typed(LineInput().insert_text(text))

    def apply_key(self, key: str) -> SearchLine:
        """Return the line after a key; tab takes the next suggestion."""
        if key in TAB_STEPS and self.suggestions:
            first = self.picked < 0 and key == "backtab"
            picked = (0 if first else self.picked) + TAB_STEPS[key]
            picked %= len(self.suggestions)
            line = LineInput(self.line.text[: self.start]).insert_text(self.suggestions[picked])
            return self._replace(line=line, picked=picked)
        return self._typed(self.line.apply_key(key) or self.line)

    def _typed(self, line: LineInput) -> SearchLine:
        start, terms = suggest_terms(line.before_cursor, *self.names)
        terms = () if line.after_cursor else terms
        return self._replace(line=line, is_typing=True, start=start, suggestions=terms, picked=-1)

    def below(self, columns: int) -> list[Text]:
        """Return the lines below: the meaning or fault, and suggestions."""
        words, style = self.fault, theme.WARNING
        if not words:
            style = theme.CHROME
            words = describe_query(parse_query(self.text, self.today)) if self.text.strip() else ""
            words = words or "words, tag:lora, is:due, ease<2 …" * self.is_typing
        lines = [Text("   ") + line for line in wrap_text(Text(sanitize_line(words), style), columns - 4)]
        return [*lines[:1], self._suggestion_line()] if self.suggestions and self.is_typing else lines[:2]

    def _suggestion_line(self) -> Text:
        first = max(0, self.picked)
        line = Text("   ")
        for i, term in enumerate(self.suggestions[first : first + MAX_SHOWN], first):
            line.append(sanitize_line(term), theme.RATING if i == self.picked else theme.CHROME).append("  ")
        return line


def suggest_terms(typed: str, tags: Iterable[str], decks: Iterable[str]) -> tuple[int, Sequence[str]]:
    """Return where the last term starts, and completions of its field or value."""
    match = LAST_WORD.search(typed)
    start, prefix = (match.start("term"), match["term"].casefold()) if match else (len(typed), "")
    fields = [f"{name}:" for name in ("is", *NAME_FIELDS, *DATE_FIELDS)]
    fields += [f"{name}<" for name in NUMBER_FIELDS]
    values = [
        *(f"is:{state}" for state in CARD_STATES),
        *(f"{field}:{day}" for field in DATE_FIELDS for day in RELATIVE_DAYS),
        *(f"tag:{_quoted(tag)}" for tag in tags),
        *(f"deck:{_quoted(deck)}" for deck in decks),
    ]
    terms = values if re.search("[<>=:]", prefix) else fields
    matching = [term for term in terms if _plain(term).startswith(_plain(prefix))]
    return start, [term for term in matching if term.casefold() != prefix]


def _plain(term: str) -> str:
    return term.casefold().replace('"', "")


def _quoted(name: str) -> str:
    if not NEEDS_QUOTES.search(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

"""The words of a search, read into a tree: `tag:lora (ease<2 or is:leech) -due>7 "low rank"`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flashcards.errors import UsageError

NAMES = ("tag", "deck", "id", "text")
"""Fields that hold names: with ":" their beginning is enough, with "=" the whole name counts."""
NUMBERS = ("ease", "interval", "lapses", "repetitions", "rated")
DAYS = ("due", "answered")
"""Fields that hold a day: compared with a date, a word such as today, or a number of days."""
STATES = ("new", "learning", "young", "mature", "due", "suspended", "buried", "leech", "marked")
FIELDS = (*NAMES, "is", *NUMBERS, *DAYS)
WORDS_FOR_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
SIGNS = ("<=", ">=", "!=", "<", ">", "=", ":")
TOKEN = re.compile(
    r"""\s*(?:(?P<paren>[()])|(?P<minus>[-!](?=[^\s)]))|"""
    r"""(?P<lead>\w+(?:<=|>=|!=|<|>|=|:))?"(?P<quoted>(?:[^"\\]|\\.)*)"|"""
    r"""(?P<named>\w+(?:<=|>=|!=|<|>|=|:))(?P<value>[^\s()"]*)|(?P<bare>[^\s()"]+)|(?P<wrong>\S))"""
)
TERM = re.compile(r"(?P<field>\w+)(?P<sign><=|>=|!=|<|>|=|:)")


@dataclass(frozen=True, slots=True)
class Word:
    """Text that stands in the front, back, id or tags, in any case."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A tag, deck or id that begins with `value`, or is just that."""

    field: str
    value: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A figure of the schedule, compared."""

    field: str
    sign: str
    value: float


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the schedule, compared; a card without such a day never fits."""

    field: str
    sign: str
    value: date


@dataclass(frozen=True, slots=True)
class Is:
    """A state, one of STATES."""

    state: str


@dataclass(frozen=True, slots=True)
class Not:
    """What does not fit."""

    term: Query


@dataclass(frozen=True, slots=True)
class All:
    """What fits each of these; with none, everything."""

    terms: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """What fits at least one of these."""

    terms: tuple[Query, ...]


Query = Word | Name | Number | Day | Is | Not | All | Either
EVERYTHING = All()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    kind: str = "term"
    """term, or the sign itself: ( ) - or."""
    field: str = ""
    sign: str = ""


def read(query: str, today: date) -> Query:
    """Return the tree that a search stands for. Raises UsageError, with the place and the remedy.

    Terms side by side must all hold; `or` stands between alternatives, parentheses group, and a
    minus turns the term behind it round.
    """
    return _Reader(query, today).whole()


class _Reader:
    """Reads one search from left to right."""

    def __init__(self, query: str, today: date) -> None:
        self._query = query
        self._today = today
        self._tokens = self._split()
        self._at = 0

    def whole(self) -> Query:
        found = self._alternatives()
        if token := self._next():
            raise self._wrong(token.start, 'this ")" closes nothing.', "Take it out.")
        return found

    def _alternatives(self) -> Query:
        found = [self._together()]
        while (token := self._next()) and token.kind == "or":
            self._at += 1
            found.append(self._together())
            if EVERYTHING in found:
                raise self._wrong(token.start, '"or" stands between two terms.', OR)
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _together(self) -> Query:
        found = []
        while (token := self._next()) and token.kind not in ("or", ")"):
            found.append(self._one())
        return found[0] if len(found) == 1 else All(tuple(found))

    def _one(self) -> Query:
        token = self._tokens[self._at]
        self._at += 1
        if token.kind == "-":
            if self._next() is None:
                raise self._wrong(token.start, "nothing follows this minus.", "Take it out.")
            return Not(self._one())
        if token.kind == "(":
            found = self._alternatives()
            if self._next() is None:
                raise self._wrong(token.start, "this parenthesis is not closed.", 'Add ")".')
            self._at += 1
            return found
        return self._term(token)

    def _next(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _split(self) -> list[_Token]:
        tokens, at = [], 0
        text = self._query.rstrip()
        while at < len(text) and (found := TOKEN.match(text, at)):
            tokens.append(self._token(found))
            at = found.end()
        return tokens

    def _token(self, found: re.Match[str]) -> _Token:
        start = found.end() - len(found[0].lstrip())
        if found["wrong"]:
            raise self._wrong(start, "a quotation mark is missing its partner.", 'Add a ".')
        if found["paren"] or found["minus"]:
            return _Token("", start, "-" if found["minus"] else found["paren"])
        lead = found["lead"] or found["named"] or ""
        value = found["value"] or found["bare"] or ""
        if found["quoted"] is not None:
            value = re.sub(r"\\(.)", r"\1", found["quoted"])
        term = TERM.fullmatch(lead)
        if term and term["field"].casefold() in FIELDS:
            return _Token(value, start, "term", term["field"].casefold(), term["sign"])
        if term:
            self._suspect(term["field"], start)
        if not lead and found["quoted"] is None and value.casefold() == "or":
            return _Token("", start, "or")
        return _Token(lead + value, start)

    def _suspect(self, field: str, start: int) -> None:
        """Refuse what is nearly a field; anything else before a sign is plain text."""
        import difflib

        near = difflib.get_close_matches(field.casefold(), FIELDS, 1, 0.75)
        if near:
            known = f"Did you mean {near[0]}? Known: {', '.join(FIELDS)}."
            raise self._wrong(start, f"there is no field {field!r}.", known)

    def _term(self, token: _Token) -> Query:
        if not token.field:
            return Word(token.text)
        if not token.text:
            what = f"{token.field}{token.sign} has nothing behind it."
            raise self._wrong(token.start, what, EXAMPLES[_family(token.field)])
        return READERS[_family(token.field)](self, token)

    def name(self, token: _Token) -> Query:
        """Return a term about a name."""
        if token.sign not in (":", "=", "!="):
            what = f"{token.field} has no {token.sign}."
            raise self._wrong(token.start, what, f"Write {token.field}:{token.text}")
        if token.field == "text":
            return Word(token.text)
        found = Name(token.field, token.text.casefold(), token.sign != ":")
        return Not(found) if token.sign == "!=" else found

    def state(self, token: _Token) -> Query:
        """Return a term about a state."""
        state = token.text.casefold()
        if state in STATES and token.sign in (":", "="):
            return Is(state)
        import difflib

        near = difflib.get_close_matches(state, STATES, 1)
        hint = (
            f"Did you mean is:{near[0]}?"
            if near
            else f"After is: comes one of {', '.join(STATES)}."
        )
        raise self._wrong(token.start, f"there is no state {token.text!r}.", hint)

    def number(self, token: _Token) -> Query:
        """Return a term about a figure."""
        try:
            value = float(token.text)
        except ValueError as error:
            lead = f"{token.field}{token.sign}"
            what = f"after {lead} comes a number, not {token.text!r}."
            raise self._wrong(token.start, what, EXAMPLES["number"]) from error
        return Number(token.field, _equals(token.sign), value)

    def day(self, token: _Token) -> Query:
        """Return a term about a day: days from today for due, days ago for answered."""
        ago = token.field == "answered"
        text = token.text.casefold()
        counted = re.fullmatch(r"[-+]?\d{1,5}", text)
        try:
            if text in WORDS_FOR_DAYS:
                value = self._today + timedelta(days=WORDS_FOR_DAYS[text])
            elif counted:
                value = self._today + timedelta(days=-int(text) if ago else int(text))
            else:
                value = date.fromisoformat(text)
        except (ValueError, OverflowError) as error:
            what = f"{token.text!r} is no day."
            raise self._wrong(token.start, what, EXAMPLES["day"]) from error
        sign = _equals(token.sign)
        if token.field == "due" and token.sign == ":":
            sign = "<="  # what is due on a day is what became due on it or before
        return Day(token.field, TURNED.get(sign, sign) if ago and counted else sign, value)

    def _wrong(self, start: int, what: str, remedy: str) -> UsageError:
        """Return the fault, with a mark below the place."""
        query = self._query.replace("\n", " ").replace("\t", " ")
        return UsageError(f"{what} {remedy}\n  {query}\n  {' ' * start}^")


def _equals(sign: str) -> str:
    return "=" if sign == ":" else sign


def _family(field: str) -> str:
    families = ((NAMES, "name"), (NUMBERS, "number"), (DAYS, "day"))
    return next((name for fields, name in families if field in fields), "state")


TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
"""Fewer days ago is a later day."""
OR = "Write tag:one or tag:two; the word itself goes between quotes."
EXAMPLES = {
    "name": "Such as tag:lora, or tag=lora for just that tag.",
    "number": "Such as ease<2 or lapses>=4.",
    "day": "Write today, tomorrow, 2026-03-31, or a number of days: due<7, answered<3.",
    "state": f"Such as is:leech. Known: {', '.join(STATES)}.",
}
READERS: dict[str, Callable[[_Reader, _Token], Query]] = {
    "name": _Reader.name,
    "number": _Reader.number,
    "day": _Reader.day,
    "state": _Reader.state,
}

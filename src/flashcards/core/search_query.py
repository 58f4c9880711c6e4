"""Parse a search query into a tree."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from flashcards.core.date_text import parse_day
from flashcards.core.name_suggestions import suggest_name
from flashcards.core.progress import DEFAULT_LEECH_LAPSES, DEFAULT_REPEAT_BELOW
from flashcards.errors import UsageError

NAME_FIELDS = ("tag", "deck", "id", "text")  # ":" matches a prefix, "=" the whole name
NUMBER_FIELDS = (
    "ease", "interval", "lapses", "repetitions", "rated", "recall", "stability", "difficulty",
)  # fmt: skip
DATE_FIELDS = ("due", "answered")  # compared with a date, a word such as today, or a number of days
CARD_STATES = ("new", "learning", "young", "mature", "due", "suspended", "buried", "leech", "marked")
FIELD_KINDS = {
    **dict.fromkeys(NAME_FIELDS, "name"), "is": "state", **dict.fromkeys(NUMBER_FIELDS, "number"),
    **dict.fromkeys(DATE_FIELDS, "day"),
}  # fmt: skip
SEARCH_FIELDS = tuple(FIELD_KINDS)
TOKEN_PATTERN = (
    r"""\s*(?:(?P<paren>[()])|(?P<minus>[-!](?=[^\s)]))|"""
    r"""(?P<lead>\w+(?:<=|>=|!=|<|>|=|:))?"(?P<quoted>(?:[^"\\]|\\.)*)"|"""
    r"""(?P<named>\w+(?:<=|>=|!=|<|>|=|:))(?P<value>[^\s()"]*)|(?P<bare>[^\s()"]+)|(?P<wrong>\S))"""
)
FIELD_PATTERN = r"(?P<field>\w+)(?P<sign><=|>=|!=|<|>|=|:)"


class Term(NamedTuple):
    """A comparison of a field with a name, number or day.

    `text` searches front, back, id and tags; `is` tests a state. ":" matches a prefix, "=" the whole. A
    card without a value never matches.
    """

    field: str
    operator: str
    value: str | float | date


class Not(NamedTuple):
    """Matches what its term does not."""

    term: "SearchQuery"


class And(NamedTuple):
    """Matches what all its terms match; all cards without terms."""

    terms: tuple["SearchQuery", ...] = ()


class Or(NamedTuple):
    """Matches what at least one of its terms matches."""

    terms: tuple["SearchQuery", ...]


class SearchContext(NamedTuple):
    """The study day and the settings that a search depends on."""

    today: date
    repeat_below: int = DEFAULT_REPEAT_BELOW
    leech_lapses: int = DEFAULT_LEECH_LAPSES


SearchQuery = Term | Not | And | Or
MATCH_ALL = And()


class _QueryToken(NamedTuple):
    text: str
    start: int
    kind: str = "term"  # or the sign itself: ( ) - or
    field: str = ""
    operator: str = ""


def parse_query(query: str, today: date) -> SearchQuery:
    """Return the tree of a search. Raises UsageError with the place.

    Terms side by side are combined with AND; `or` separates alternatives, parentheses group, and a
    minus negates the next term.
    """
    return _QueryParser(query, today).parse_all()


class _QueryParser:
    def __init__(self, query: str, today: date) -> None:
        self._query = query
        self._today = today
        self._tokens = self._split_tokens()
        self._position = 0

    def parse_all(self) -> SearchQuery:
        query = self._parse_or()
        if token := self._peek_token():
            raise self._error_at(token.start, 'unmatched ")".', "Remove it.")
        return query

    def _parse_or(self) -> SearchQuery:
        terms = [self._parse_and()]
        while (token := self._peek_token()) and token.kind == "or":
            self._position += 1
            terms.append(self._parse_and())
            if MATCH_ALL in terms:
                raise self._error_at(token.start, '"or" needs a term on both sides.', OR_HINT)
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _parse_and(self) -> SearchQuery:
        terms = []
        while (token := self._peek_token()) and token.kind not in ("or", ")"):
            terms.append(self._parse_term())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _parse_term(self) -> SearchQuery:
        token = self._tokens[self._position]
        self._position += 1
        if token.kind == "-":
            if self._peek_token() is None:
                raise self._error_at(token.start, 'nothing follows this "-".', "Remove it.")
            return Not(self._parse_term())
        if token.kind == "(":
            query = self._parse_or()
            if self._peek_token() is None:
                raise self._error_at(token.start, "this parenthesis is not closed.", 'Add ")".')
            self._position += 1
            return query
        return self._field_term(token)

    def _peek_token(self) -> _QueryToken | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _split_tokens(self) -> list[_QueryToken]:
        tokens, at = [], 0
        text = self._query.rstrip()
        while at < len(text) and (match := re.compile(TOKEN_PATTERN).match(text, at)):
            tokens.append(self._make_token(match))
            at = match.end()
        return tokens

    def _make_token(self, match: re.Match[str]) -> _QueryToken:
        start = match.end() - len(match[0].lstrip())
        if match["wrong"]:
            raise self._error_at(start, "unclosed quotation mark.", 'Add a ".')
        if match["paren"] or match["minus"]:
            return _QueryToken("", start, "-" if match["minus"] else match["paren"])
        lead = match["lead"] or match["named"] or ""
        value = match["value"] or match["bare"] or ""
        if match["quoted"] is not None:
            value = re.sub(r"\\(.)", r"\1", match["quoted"])
        term = re.fullmatch(FIELD_PATTERN, lead)
        if term and term["field"].casefold() in SEARCH_FIELDS:
            return _QueryToken(value, start, "term", term["field"].casefold(), term["sign"])
        if term:
            self._reject_misspelled_field(term["field"], start)
        if not lead and match["quoted"] is None and value.casefold() == "or":
            return _QueryToken("", start, "or")
        return _QueryToken(lead + value, start)

    def _reject_misspelled_field(self, field: str, start: int) -> None:
        """Raise for a misspelled field; other words before a sign are text."""
        hint = suggest_name(field, SEARCH_FIELDS)
        if not hint.startswith("Known"):
            known = f"{hint} Known: {', '.join(SEARCH_FIELDS)}."
            raise self._error_at(start, f"unknown field {field!r}.", known)

    def _field_term(self, token: _QueryToken) -> SearchQuery:
        if not token.field:
            return Term("text", ":", token.text)
        if not token.text:
            what = f"{token.field}{token.operator} needs a value."
            raise self._error_at(token.start, what, FIELD_EXAMPLES[FIELD_KINDS[token.field]])
        parsers = {"name": self._name_term, "state": self._state_term, "number": self._number_term}
        return parsers.get(FIELD_KINDS[token.field], self._date_term)(token)

    def _name_term(self, token: _QueryToken) -> SearchQuery:
        if token.operator not in (":", "=", "!="):
            what = f"{token.field} cannot be used with {token.operator}."
            raise self._error_at(token.start, what, f"Write {token.field}:{token.text}")
        if token.field == "text":
            return Term("text", ":", token.text)
        term = Term(token.field, token.operator.removeprefix("!"), token.text.casefold())
        return Not(term) if token.operator == "!=" else term

    def _state_term(self, token: _QueryToken) -> SearchQuery:
        state = token.text.casefold()
        if state in CARD_STATES and token.operator in (":", "="):
            return Term("is", "=", state)
        hint = suggest_name(state, CARD_STATES, "is:{}")
        raise self._error_at(token.start, f"unknown state {token.text!r}.", hint)

    def _number_term(self, token: _QueryToken) -> SearchQuery:
        try:
            value = float(token.text)
        except ValueError as error:
            lead = f"{token.field}{token.operator}"
            what = f"{lead} needs a number, not {token.text!r}."
            raise self._error_at(token.start, what, FIELD_EXAMPLES["number"]) from error
        return Term(token.field, token.operator.replace(":", "="), value)

    def _date_term(self, token: _QueryToken) -> SearchQuery:
        """Return a term about a day; numbers are days ahead, or ago."""
        ago = token.field == "answered"
        counted = re.fullmatch(r"[-+]?\d{1,5}", token.text)
        try:
            if counted:
                value = self._today + timedelta(days=-int(token.text) if ago else int(token.text))
            else:
                value = parse_day(token.text, self._today, past=ago)
        except (ValueError, OverflowError) as error:
            what = f"{token.text!r} is not a date."
            raise self._error_at(token.start, what, FIELD_EXAMPLES["day"]) from error
        sign = token.operator.replace(":", "=")
        if token.field == "due" and token.operator == ":":
            sign = "<="  # what is due on a day is what became due on it or before
        return Term(token.field, REVERSED_OPERATORS.get(sign, sign) if ago and counted else sign, value)

    def _error_at(self, start: int, problem: str, remedy: str) -> UsageError:
        query = self._query.replace("\n", " ").replace("\t", " ")
        return UsageError(f"{problem} {remedy}\n  {query}\n  {' ' * start}^")


REVERSED_OPERATORS = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}  # fewer days ago is a later day
OR_HINT = 'Write tag:one or tag:two. To search for the word "or", put it in quotes.'
FIELD_EXAMPLES = {
    "name": "For example tag:lora, or tag=lora for exactly that tag.",
    "number": "For example ease<2 or lapses>=4.",
    "day": "Write today, tomorrow, fri, 24dec, 2026-03-31, or a number of days: due<7, answered<3.",
    "state": f"For example is:leech. Known: {', '.join(CARD_STATES)}.",
}

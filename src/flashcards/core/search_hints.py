"""Describe a search in words, and complete its last term."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from flashcards.core.days import RELATIVE_DAYS
from flashcards.core.messages import format_day
from flashcards.core.search_query import (
    CARD_STATES,
    DATE_FIELDS,
    MATCH_ALL,
    NAME_FIELDS,
    NUMBER_FIELDS,
    And,
    Not,
    Or,
    SearchQuery,
    Term,
)

NUMBER_WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "exactly", "!=": "not"}
DAY_WORDS = {"<": "before", "<=": "by", ">": "after", ">=": "from", "=": "on", "!=": "not on"}
LAST_WORD = re.compile(r'[-!(]*(?P<term>(?:\w+(?:<=|>=|!=|[<>=:]))?"[^"]*|[^\s()"]*)$')
"""The last term typed so far; its quotation mark may still be open."""
NEEDS_QUOTES = re.compile(r'[\s()"]')


def describe_query(query: SearchQuery) -> str:  # noqa: PLR0911 (one a kind of term)
    """Return a search in words, as it was understood."""
    match query:
        case Term("text", _, text):
            return f'"{text}" in the text'
        case Term("is", _, str(state)):
            return state
        case Term(field, sign, str(name)):
            return f"{field} {name}{'…' if sign == ':' else ''}"
        case Term(field, sign, date() as day):
            return f"{field} {DAY_WORDS[sign]} {format_day(day)} {day.year}"
        case Term(field, sign, number):
            return f"{field} {NUMBER_WORDS[sign]} {number:g}"
        case Not(term):
            return f"not {_part(term)}"
        case And(terms):
            return " and ".join(map(_part, terms)) if terms else "all cards"
    return " or ".join(map(_part, query.terms))


def _part(query: SearchQuery) -> str:
    described = describe_query(query)
    return f"({described})" if isinstance(query, And | Or) and query != MATCH_ALL else described


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

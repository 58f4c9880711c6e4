"""Describe a search in words."""

from datetime import date

from flashcards.core.date_text import format_day
from flashcards.core.search_query import MATCH_ALL, And, Not, Or, SearchQuery, Term

NUMBER_WORDS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "exactly", "!=": "not"}
DAY_WORDS = {"<": "before", "<=": "by", ">": "after", ">=": "from", "=": "on", "!=": "not on"}


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

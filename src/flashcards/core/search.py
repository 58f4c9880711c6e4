"""A small language to say which cards: `tag:lora ease<2 is:leech "low rank"`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import date

from flashcards.core.progress import LEECH, Entry, Stage
from flashcards.errors import UsageError

Test = Callable[[Entry], bool]

COMPARE = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
NUMBERS: dict[str, Callable[[Entry], float]] = {
    "ease": lambda entry: entry.progress.memory.ease / 100,
    "interval": lambda entry: entry.progress.memory.interval,
    "lapses": lambda entry: entry.progress.memory.lapses,
    "repetitions": lambda entry: entry.progress.memory.repetitions,
}
IS = ("new", "learning", "young", "mature", "due", "suspended", "buried", "leech", "marked")
FIELDS = ("tag", "deck", "id", "is", *NUMBERS)
TERM = re.compile(r"(?P<field>\w+)(?P<sign><=|>=|!=|<|>|=|:)(?P<value>.*)", re.DOTALL)


def parse(query: str, today: date) -> Test:
    """Return the test that a search stands for: all of its terms must hold. Raises UsageError.

    A term is a word or "quoted words" in the front, back, id or tags; `tag:`, `deck:`, `id:` with
    the beginning of a name; `is:` with one of IS; or ease, interval, lapses, repetitions compared
    with a number. A minus before a term turns it round.
    """
    import shlex  # noqa: PLC0415 (only a search needs it)

    try:
        words = shlex.split(query.replace("\\", "\\\\"))
    except ValueError as error:
        raise UsageError(f"{query!r}: a quotation mark is missing its partner.") from error
    tests = [_term(word, today) for word in words]
    return lambda entry: all(test(entry) for test in tests)


def _term(word: str, today: date) -> Test:
    if word.startswith("-") and len(word) > 1:
        test = _term(word[1:], today)
        return lambda entry: not test(entry)
    found = TERM.fullmatch(word)
    if not found or found["field"].casefold() not in FIELDS:
        return _text(word)
    field, sign, value = found["field"].casefold(), found["sign"], found["value"]
    if field in NUMBERS:
        return _number(field, sign, value)
    if sign != ":":
        raise UsageError(f"{word!r}: write {field}:{value}")
    if field == "is":
        return _is(value.casefold(), today)
    return _named(field, value.casefold())


def _text(word: str) -> Test:
    wanted = word.casefold()

    def test(entry: Entry) -> bool:
        card = entry.card
        return any(
            wanted in text.casefold() for text in (card.front, card.back, card.id, *card.tags)
        )

    return test


def _named(field: str, wanted: str) -> Test:
    def test(entry: Entry) -> bool:
        card = entry.card
        names = {"tag": card.tags, "deck": (card.deck,), "id": (card.id,)}[field]
        return any(name.casefold().startswith(wanted) for name in names)

    return test


def _number(field: str, sign: str, value: str) -> Test:
    try:
        number = float(value)
    except ValueError as error:
        raise UsageError(f"{field}{sign}{value}: after {field}{sign} comes a number.") from error
    compare, get = COMPARE["=" if sign == ":" else sign], NUMBERS[field]
    return lambda entry: bool(compare(get(entry), number))


def _is(value: str, today: date) -> Test:
    tests: dict[str, Test] = {
        stage.value: lambda entry, stage=stage: entry.progress.stage(today) is stage  # type: ignore[misc]  # bound now, on purpose
        for stage in Stage
    }
    tests["due"] = lambda entry: is_due(entry, today)
    tests["suspended"] = lambda entry: entry.progress.suspended
    tests["buried"] = lambda entry: (entry.progress.buried or date.min) > today
    tests["leech"] = lambda entry: entry.progress.memory.lapses >= LEECH
    tests["marked"] = lambda entry: entry.progress.flag is not None
    if value not in tests:
        import difflib  # noqa: PLC0415 (for a typo only)

        near = difflib.get_close_matches(value, IS, 1)
        hint = f"Did you mean is:{near[0]}?" if near else f"After is: comes one of {', '.join(IS)}."
        raise UsageError(f"is:{value}: there is no such state. {hint}")
    return tests[value]


def is_due(entry: Entry, today: date) -> bool:
    """Tell whether a card waits to be reviewed today."""
    progress = entry.progress
    return progress.due is not None and progress.due <= today and not progress.asleep(today)


def pick(names: list[str], wanted: str) -> str:
    """Return the one name that is meant: in full in any case, or as its unique part.

    Raises UsageError, with what was near.
    """
    exact = [name for name in names if name.casefold() == wanted.casefold()]
    parts = exact or [name for name in names if wanted.casefold() in name.casefold()]
    if len(parts) == 1:
        return parts[0]
    if parts:
        raise UsageError(f"{wanted!r} could be {_listed(parts)}. Write more of it.")
    import difflib  # noqa: PLC0415 (for a typo only)

    near = difflib.get_close_matches(wanted, names, 3, 0.5) or names[:5]
    known = (
        f"There is {_listed(near)}." if near else "There are no decks yet: flashcards import FILE"
    )
    raise UsageError(f"There is no deck {wanted!r}. {known}")


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"

"""The foot of a study screen: what each rating would do, and which keys do what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rich.text import Text

from flashcards.core.key_bindings import BY_NAME, RATINGS, Bindings
from flashcards.core.progress import Kind
from flashcards.core.study_order import Choice
from flashcards.terminal import theme
from flashcards.terminal.device.view import SHORT, Size
from flashcards.terminal.study.answering.base import Face, Hint
from flashcards.terminal.text.format import span

COMMON = ("undo", "edit", "mark", "suspend", "bury", "look_up", "help", "quit")
LESS_NEEDED = (
    "look_up", "bury", "suspend", "mark", "edit", "undo", "type", "show_all", "help", "show",
)  # fmt: skip
"""What leaves the bottom line first when it is too narrow; the help tells it all."""
GAP, NARROW_GAP, LAST_TO_GO = 3, 2, 4
"""Columns between keys; before they come closer, all but the last few that can go are gone."""
KEY_NAMES = {
    "escape": "esc", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "pageup": "pgup", "pagedown": "pgdn", "eof": "ctrl-d", "back": "backspace",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """What each rating would do, as seen on a study day."""

    choices: Mapping[int, Choice]
    today: date
    proposed: int | None = None
    """The rating that a typed or chosen answer earned."""
    keys: Sequence[str] = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Told:
    """A key and what it does, for the bottom line."""

    key: str
    label: str
    action: str = ""
    """What it is called where lines are too narrow for all of them."""


def told(hints: Sequence[Hint], keys: Bindings) -> list[Told]:
    """Return hints with the keys in force; what begins with a ' is a key itself."""
    return [
        Told(action[1:], label)
        if action.startswith("'")
        else Told(keys.first(action), label or BY_NAME[action].label, action)
        for action, label in hints
    ]


def told_of(face: Face, keys: Bindings) -> list[Told]:
    """Return what can be done with a card, the most needed first."""
    if face.typing:
        return told(face.hints(), keys)
    common = [(action, "") for action in COMMON]
    if not face.shown:
        return told([*face.hints(), *common], keys)
    take = [("show_all", f"take {face.proposed}")] if face.proposed else []
    return told([*take, (f"'{_rating_keys(keys)}", "rate"), *common], keys)


def _rating_keys(keys: Bindings) -> str:
    found = [key_name(keys.first(action)) for action in RATINGS]
    return "1-5" if found == list("12345") else " ".join(found)


def key_name(key: str) -> str:
    """Return a key as the screen tells it."""
    return KEY_NAMES.get(key, key)


def key_line(columns: int, wanted: Sequence[Told]) -> Text:
    """Return the bottom line: the keys that fit, the most needed ones first."""
    for gap in (GAP, NARROW_GAP):
        shown = list(wanted)
        for less in (*LESS_NEEDED[: None if gap < GAP else -LAST_TO_GO], ""):
            line = _line(shown, " " * gap)
            if line.cell_len <= columns:
                return line
            shown = [one for one in shown if one.action != less]
    return line


def _line(shown: Sequence[Told], gap: str) -> Text:
    pairs = [((key_name(one.key), theme.ACCENT), (f" {one.label}", theme.CHROME)) for one in shown]
    return Text(" ") + Text(gap).join(Text.assemble(*pair) for pair in pairs)


def rating_rows(size: Size) -> int:
    """Return the rows that the foot of an answer takes, the note above it included."""
    return 7 if size.rows >= SHORT else 4


def ratings(size: Size, offer: Offer) -> list[Text]:
    """Return the five keys, each with its label and the date it would give."""
    wide = max(4, min(15, (size.columns - 2) // 5))
    left = " " * min(2, max(0, size.columns - 5 * wide))
    labels = {1: " Not at all", 5: " Perfectly"} if wide >= 13 else {}
    keys_line, outcomes, dates = Text(left), Text(left), Text(left)
    for rating, choice in offer.choices.items():
        label = key_name(offer.keys[rating - 1]) + labels.get(rating, "")
        label = f"[{label}]" if rating == offer.proposed else label
        keys_line.append(label.ljust(wide), theme.RATING)
        outcomes.append(_outcome(choice, offer.today, wide).ljust(wide))
        dates.append(_date(choice, offer.today, wide).ljust(wide), theme.CHROME)
    forgot = "─ forgot ".ljust(2 * wide - 2, "─") + "┤"
    recalled = "├" + " recalled ─".rjust(3 * wide - 2, "─")
    ruler = Text(left + forgot + recalled, theme.CHROME)
    if size.rows < SHORT:
        return [keys_line, outcomes]
    title = Text(" How well did you know this?")
    if not labels:
        title.append(" 1 Not at all … 5 Perfectly" if size.columns >= 56 else "", theme.CHROME)
    return [title, keys_line, outcomes, dates, ruler]


def _outcome(choice: Choice, today: date, wide: int) -> str:
    days = span((choice.due - today).days) if choice.due else ""
    if choice.again:
        return "again"
    if choice.kind is not Kind.GRADED:
        return "done" if wide < 10 else "done today"
    return days if len(days) < wide else days.replace(" days", "d").replace(" day", "d")


def _date(choice: Choice, today: date, wide: int) -> str:
    """Return the day itself; with the year where it is another."""
    if choice.due is None:
        return ""
    if wide < 8:
        return choice.due.strftime("%m-%d")
    return choice.due.strftime("%d %b" if choice.due.year == today.year else "%d %b %y")

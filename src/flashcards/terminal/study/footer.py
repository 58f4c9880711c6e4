"""Footer of the study screen: rating previews and keys."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from rich.text import Text

from flashcards.core.key_bindings import ACTIONS_BY_NAME, RATING_ACTIONS, KeyBindings
from flashcards.core.progress import AnswerKind
from flashcards.core.scheduling import RatingOutcome
from flashcards.terminal import theme
from flashcards.terminal.device.view import SHORT_SCREEN_ROWS, ScreenSize
from flashcards.terminal.study.answering.answer_view import ActionHint, AnswerView
from flashcards.terminal.text.format import format_days
from flashcards.terminal.text.key_hints import KEY_GAP, KeyHint, fit_key_hints, join_key_hints, key_label

COMMON_ACTIONS = ("undo", "edit", "mark", "suspend", "bury", "look_up", "help", "quit")
HIDE_ORDER = (  # the first of these are left out first if the line is too narrow
    "look_up", "bury", "suspend", "mark", "edit", "undo", "type", "show_all", "help", "show",
)  # fmt: skip

RULER = (("forgot", 2), ("hard", 1), ("good", 1), ("easy", 1))
"""Words below the rating keys, and how many keys each spans."""


class RatingPreview(NamedTuple):
    """What each rating would do today."""

    outcomes: Mapping[int, RatingOutcome]
    today: date
    proposed_rating: int | None = None  # the rating earned by a typed or chosen answer
    rating_keys: Sequence[str] = ("1", "2", "3", "4", "5")


def key_hints(hints: Sequence[ActionHint], keys: KeyBindings) -> list[KeyHint]:
    """Return hints with the bound keys; a leading ' names a key itself."""
    return [
        KeyHint(action[1:], label)
        if action.startswith("'")
        else KeyHint(keys.first_key(action), label or ACTIONS_BY_NAME[action].label, action)
        for action, label in hints
        if action.startswith("'") or keys.first_key(action)
    ]


def answer_key_hints(
    answer_view: AnswerView, keys: KeyBindings, card_actions: Sequence[str] = ()
) -> list[KeyHint]:
    """Return the hints of a card, most needed first.

    `card_actions` are those that not every card has.
    """
    if answer_view.is_typing:
        beside = [
            (f"'{key}", ACTIONS_BY_NAME[name].label)
            for name in card_actions
            if (key := keys.key_while_typing(name))
        ]
        return key_hints([*answer_view.action_hints(), *beside], keys)
    common = [(action, "") for action in (*card_actions, *COMMON_ACTIONS)]
    if not answer_view.answer_shown:
        return key_hints([*answer_view.action_hints(), *common], keys)
    take = [("show_all", f"accept {answer_view.proposed_rating}")] if answer_view.proposed_rating else []
    labels = [key_label(keys.first_key(action)) for action in RATING_ACTIONS]
    rating_keys = "1-5" if labels == list("12345") else " ".join(labels)
    return key_hints([*take, (f"'{rating_keys}", "rate"), *common], keys)


def key_hint_line(columns: int, hints: Sequence[KeyHint]) -> Text:
    """Return the bottom line with the hints that fit."""
    return Text.assemble(*fit_key_hints(columns, hints, HIDE_ORDER).runs)


def key_hint_rows(columns: int, hints: Sequence[KeyHint], rows: int) -> list[Text]:
    """Return the hints in `rows` lines; help and quit always stay."""
    lines, left = [], list(hints)
    for _ in range(rows - 1):
        widths = (join_key_hints(left[:count], KEY_GAP).cell_len for count in range(1, len(left) + 1))
        fitting = max(1, sum(width <= columns for width in widths))
        lines.append(Text.assemble(*join_key_hints(left[:fitting], KEY_GAP).runs))
        left = left[fitting:]
    hide_order = [hint.action for hint in reversed(left) if hint.action not in ("help", "quit")]
    return [*lines, Text.assemble(*fit_key_hints(columns, left, hide_order).runs)]


def footer_lines(size: ScreenSize, hints: Sequence[KeyHint], preview: RatingPreview | None) -> list[Text]:
    """Return the rating keys, unless the answer is hidden, and the key hints."""
    return [*(rating_lines(size, preview) if preview else []), key_hint_line(size.columns, hints)]


def rating_footer_rows(size: ScreenSize) -> int:
    """Return the footer's rows below an answer, with the message line."""
    return 7 if size.rows >= SHORT_SCREEN_ROWS else 4


def rating_lines(size: ScreenSize, preview: RatingPreview) -> list[Text]:
    """Return the five rating keys with their outcomes."""
    # Neighbouring keys with one outcome share its words and date.
    wide = max(4, min(15, (size.columns - 2) // 5))
    indent = " " * min(2, max(0, size.columns - 5 * wide))
    labels = {1: " Not at all", 5: " Perfectly"} if wide >= 13 else {}
    keys_line, outcomes, dates, ruler = Text(indent), Text(indent), Text(indent), Text(indent)
    for rating, style in zip(preview.outcomes, theme.RATING_STYLES, strict=True):
        label = key_label(preview.rating_keys[rating - 1]) + labels.get(rating, "")
        label = f"[{label}]" if rating == preview.proposed_rating else label
        keys_line.append(label.ljust(wide), style)
    shown_values = attrgetter("due", "repeats_today", "answer_kind")
    for (due, again, kind), group in groupby(preview.outcomes.values(), key=shown_values):
        span = wide * len(list(group))
        wordings = _outcome_wordings(due, preview.today, again=again, graded=kind is AnswerKind.GRADED)
        outcomes.append(_spread(wordings, span, is_shared=span > wide))
        dates.append(_spread([_due_label(due, preview.today, wide)], span), theme.CHROME)
    for (word, span), style in zip(RULER, theme.RATING_STYLES[1:], strict=True):
        ruler.append(f"├ {word} ".ljust(span * wide - 1, "─")[: span * wide - 1] + "┤", style)
    if size.rows < SHORT_SCREEN_ROWS:
        return [keys_line, outcomes]
    title = Text(" How well did you know this?")
    if size.columns >= 60:
        scale = "1 2 forgot · 3 4 5 recalled" if labels else "1 Not at all … 5 Perfectly"
        title.append(f"   {scale}", theme.CHROME)
    return [title, keys_line, outcomes, dates, ruler]


def _outcome_wordings(due: date | None, today: date, *, again: bool, graded: bool) -> Sequence[str]:
    """Return wordings of an outcome, the longest first."""
    count = (due - today).days if due else 0
    days = "tomorrow" if count == 1 else format_days(count) if due else ""
    short = format_days(count).replace(" days", "d").replace(" day", "d") if due else ""
    if again and due:
        longest = (f"again today, then {days}", f"again, then {days}", f"again, {days}")
        return (*longest, f"again, {short}", "again")
    if again:
        return ("again today", "again")
    return (days, short) if graded else ("done today", "done")


def _spread(wordings: Sequence[str], span: int, *, is_shared: bool = False) -> str:
    """Fit a wording below its keys; a bracket joins several keys."""
    room = span - (5 if is_shared else 1)
    text = next((words for words in wordings if len(words) <= room), wordings[-1][:room])
    return f"└{f' {text} '.center(span - 3, '─')}┘ " if is_shared else text.ljust(span)


def _due_label(due: date | None, today: date, wide: int) -> str:
    if due is None:
        return ""
    return due.strftime("%m-%d" if wide < 8 else "%d %b" if due.year == today.year else "%d %b %y")

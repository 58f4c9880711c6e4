"""Key hints in one line."""

from collections.abc import Sequence
from typing import NamedTuple

from flashcards.terminal import theme
from flashcards.terminal.text.styled_line import StyledLine

KEY_GAP, NARROW_KEY_GAP, KEPT_AT_FULL_GAP = 3, 2, 4
"""Columns between hints; at the full gap, the last hidable ones are kept back for the narrow gap."""
KEY_LABELS = {
    "escape": "esc", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "pageup": "pgup", "pagedown": "pgdn", "eof": "ctrl-d", "back": "backspace",
}  # fmt: skip


class KeyHint(NamedTuple):
    """A key and what it does, for the bottom line."""

    key: str
    label: str
    action: str = ""  # names the hint in a hide order


def key_label(key: str) -> str:
    """Return a key's name as shown on screen."""
    return KEY_LABELS.get(key, key)


def fit_key_hints(columns: int, hints: Sequence[KeyHint], hide_order: Sequence[str] = ()) -> StyledLine:
    """Return the hints that fit; actions of `hide_order` go first."""
    for gap in (KEY_GAP, NARROW_KEY_GAP):
        shown = list(hints)
        for less in (*hide_order[: None if gap < KEY_GAP else -KEPT_AT_FULL_GAP], ""):
            line = join_key_hints(shown, gap)
            if line.cell_len <= columns:
                return line
            shown = [hint for hint in shown if hint.action != less]
    return line


def join_key_hints(hints: Sequence[KeyHint], gap: int) -> StyledLine:
    """Join hints into a line, `gap` columns apart."""
    line = StyledLine(" ")
    for i, hint in enumerate(hints):
        line.runs += [(" " * (gap if i else 0), ""), (key_label(hint.key), theme.ACCENT)]
        line.runs.append((f" {hint.label}", theme.CHROME))
    return line

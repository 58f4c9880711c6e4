"""What each key does in a session: a table of actions, and what a person made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flashcards.errors import UsageError

NAMED = (
    "space", "enter", "escape", "tab", "back", "delete", "up", "down", "left", "right", "home",
    "end", "pageup", "pagedown",
)  # fmt: skip
"""Keys that have a name; every other is the sign that it types, or ctrl-LETTER."""
TAKEN = {
    "ctrl-c": "it leaves at once", "ctrl-z": "it goes to the background",
    "ctrl-d": "it ends the session", "ctrl-s": "it stops the terminal",
}  # fmt: skip
"""Keys that the terminal itself answers."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key can do."""

    name: str
    """As config.toml calls it."""
    keys: tuple[str, ...]
    """Unless the person says otherwise."""
    label: str
    """For the bottom line."""
    help: str


ACTIONS = (
    Action("show", ("space",), "show answer", "show the answer, or a list's next item; scroll on"),
    Action("show_all", ("enter", "A"), "show all", "show all of it; take the rating proposed"),
    Action("hide", ("r",), "hide", "hide the answer again"),
    Action("rate_1", ("1",), "", "forgot: asked again today, and tomorrow"),
    Action("rate_2", ("2",), "", "forgot: asked again today, and tomorrow"),
    Action("rate_3", ("3",), "", "recalled with effort: asked again today"),
    Action("rate_4", ("4",), "", "recalled: see the date below the key"),
    Action("rate_5", ("5",), "", "recalled: see the date below the key"),
    Action("undo", ("u",), "undo", "undo the last thing done, as often as you like"),
    Action("edit", ("e",), "edit", "edit the card in your editor, and come back to it"),
    Action("mark", ("m",), "mark", "mark the card to be mended later, with a word of why"),
    Action("suspend", ("s",), "suspend", "suspend: stop asking this card"),
    Action("bury", ("b",), "bury", "bury: leave it for tomorrow"),
    Action("look_up", ("/",), "look up", "look another card up, and come back"),
    Action("history", ("i",), "history", "this card's history"),
    Action("open", ("o",), "open", "open the card's picture in another program"),
    Action("pause", ("p",), "pause", "pause: the clock stops"),
    Action("type", ("t",), "type", "type the answer to this card"),
    Action("help", ("?", "h"), "keys", "these keys"),
    Action("quit", ("q", "escape"), "quit", "end the session (ctrl-c: at once); nothing is lost"),
    Action("down", ("down", "j"), "", "scroll"),
    Action("up", ("up", "k"), "", "scroll"),
    Action("page_down", ("pagedown",), "", "scroll"),
    Action("page_up", ("pageup",), "", "scroll"),
    Action("top", ("home",), "", "scroll"),
    Action("bottom", ("end",), "", "scroll"),
)
BY_NAME = {action.name: action for action in ACTIONS}
RATINGS = {f"rate_{rating}": rating for rating in range(1, 6)}


@dataclass(frozen=True, slots=True)
class Bindings:
    """The keys in force."""

    keys: Mapping[str, tuple[str, ...]]
    """By the action's name."""
    actions: Mapping[str, str]
    """By the key."""

    def action(self, key: str) -> str:
        """Return what a key does; "" for nothing."""
        return self.actions.get(key, "")

    def first(self, action: str) -> str:
        """Return the key to tell for an action."""
        return self.keys[action][0]


def bindings(own: Mapping[str, Sequence[str]] | None = None) -> Bindings:
    """Return the keys in force, given a person's own. Raises UsageError: unknown, or in conflict.

    >>> bindings({"undo": ["ctrl-u"]}).action("ctrl-u")
    'undo'
    """
    wanted = {name: tuple(keys) for name, keys in (own or {}).items()}
    for name, keys in wanted.items():
        _check(name, keys)
    found = {action.name: wanted.get(action.name, action.keys) for action in ACTIONS}
    actions: dict[str, str] = {}
    for name, keys in found.items():
        for key in dict.fromkeys(keys):
            if key in actions:
                raise UsageError(_conflict(key, actions[key], name, wanted))
            actions[key] = name
    return Bindings(found, actions)


def _check(name: str, keys: tuple[str, ...]) -> None:
    if name not in BY_NAME:
        raise UsageError(f"there is no action {name!r}. {_nearest(name, list(BY_NAME))}")
    if not keys:
        raise UsageError(f"{name} needs a key, such as {name} = {BY_NAME[name].keys[0]!r}.")
    for key in keys:
        if key in TAKEN:
            raise UsageError(f"{name} cannot be {key!r}: {TAKEN[key]}. Choose another key.")
        if not _is_key(key):
            raise UsageError(
                f"{name}: {key!r} is no key. Write one sign, ctrl-LETTER, or one of "
                f"{', '.join(NAMED)}."
            )


def _is_key(key: str) -> bool:
    control = key.startswith("ctrl-") and len(key) == 6 and key[5] in "abefgklnopqrtuvwxy"
    return control or key in NAMED or (len(key) == 1 and key.isprintable() and key != " ")


def _conflict(key: str, first: str, second: str, wanted: Mapping[str, Sequence[str]]) -> str:
    if first in wanted and second in wanted:
        return f"{first} and {second} both want the key {key!r}. Give one of them another."
    new, old = (first, second) if first in wanted else (second, first)
    return (
        f"{new} wants the key {key!r}, which is the key of {old}. "
        f"Give {old} another one too, such as {old} = {_free(key)!r}."
    )


def _free(key: str) -> str:
    return key.upper() if len(key) == 1 and key.islower() else "tab"


def _nearest(name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."

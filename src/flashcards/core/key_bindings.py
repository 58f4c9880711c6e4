"""Key actions and custom key bindings."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flashcards.core.name_suggestions import suggest_name
from flashcards.errors import UsageError

NAMED_KEYS = (
    "space", "enter", "escape", "tab", "back", "delete", "up", "down", "left", "right", "home",
    "end", "pageup", "pagedown",
)  # fmt: skip
"""Others are the character they type, or ctrl-LETTER."""
RESERVED_KEYS = {
    "ctrl-c": "it quits immediately", "ctrl-z": "it suspends the program",
    "ctrl-d": "it ends the session", "ctrl-s": "it freezes the terminal",
}  # fmt: skip
"""Handled by the terminal itself."""


class KeyAction(NamedTuple):
    """Something that a key does."""

    name: str  # as in config.toml
    default_keys: tuple[str, ...]
    label: str  # in the bottom line
    help: str
    gives_way: bool = False  # newer action: yields keys that config.toml gave to others before


KEY_ACTIONS = (
    KeyAction("show", ("space",), "show answer", "show the answer, or a list's next item; scroll on"),
    KeyAction("show_all", ("enter", "A"), "show all", "show the whole answer; accept the suggested rating"),
    KeyAction("hide", ("r",), "hide", "hide the answer again"),
    KeyAction("hint", ("n", "tab"), "hint", "show the card's hint, before the answer", gives_way=True),
    KeyAction("rate_1", ("1",), "", "forgot: asked again today, and tomorrow"),
    KeyAction("rate_2", ("2",), "", "forgot: asked again today, and tomorrow"),
    KeyAction("rate_3", ("3",), "", "recalled with effort: asked again today"),
    KeyAction("rate_4", ("4",), "", "recalled: see the date below the key"),
    KeyAction("rate_5", ("5",), "", "recalled: see the date below the key"),
    KeyAction("undo", ("u",), "undo", "undo the last action; repeat to undo more"),
    KeyAction("redo", ("U",), "redo", "redo what was undone last", gives_way=True),
    KeyAction("edit", ("e",), "edit", "edit the card in your editor, and come back to it"),
    KeyAction("mark", ("m",), "mark", "mark the card to fix later, with a note"),
    KeyAction("suspend", ("s",), "suspend", "suspend: stop asking this card"),
    KeyAction("bury", ("b",), "bury", "bury: leave it for tomorrow"),
    KeyAction("look_up", ("/",), "look up", "search other cards, then come back"),
    KeyAction("history", ("i",), "history", "this card's history"),
    KeyAction("open", ("o",), "open", "open the card's picture in another program"),
    KeyAction("listen", ("l", "ctrl-l"), "listen", "play the card's sound, or stop it", gives_way=True),
    KeyAction("pause", ("p",), "pause", "pause the timer"),
    KeyAction("type", ("t",), "type", "type the answer to this card"),
    KeyAction("help", ("?", "h"), "help", "show this help"),
    KeyAction("quit", ("q", "escape"), "quit", "end the session; nothing is lost (ctrl-c: immediately)"),
    KeyAction("down", ("down", "j"), "", "scroll"),
    KeyAction("up", ("up", "k"), "", "scroll"),
    KeyAction("page_down", ("pagedown",), "", "scroll"),
    KeyAction("page_up", ("pageup",), "", "scroll"),
    KeyAction("top", ("home",), "", "scroll"),
    KeyAction("bottom", ("end",), "", "scroll"),
)
ACTIONS_BY_NAME = {action.name: action for action in KEY_ACTIONS}
BROWSE_ACTIONS = (
    KeyAction("open_card", ("enter",), "open", "open the card: all of it, and its history", gives_way=True),
    KeyAction("look_up", ("/",), "search", "search: words, tag:lora, is:due, ease<2; tab completes"),
    *(ACTIONS_BY_NAME[name] for name in ("edit", "mark", "suspend", "bury")),
    KeyAction("reset", ("r",), "reset", "start again as new; the history stays", gives_way=True),
    KeyAction("set_due", ("d",), "set due", "choose the day on which the card is due", gives_way=True),
    KeyAction("tag", ("t",), "tag", "give the card tags, or take some off", gives_way=True),
    KeyAction("move", ("v",), "move", "move the card to another deck", gives_way=True),
    KeyAction("delete", ("x",), "delete", "delete the card from its deck", gives_way=True),
    KeyAction("select", ("space",), "select", "select the card: keys act on all selected", gives_way=True),
    KeyAction("select_all", ("a",), "select all", "select all cards of the list, or none", gives_way=True),
    *(
        KeyAction(f"sort_{i}", (str(i),), "", "sort by a column; again: in reverse; 0: not", gives_way=True)
        for i in (*range(1, 7), 0)
    ),
    *(ACTIONS_BY_NAME[name] for name in ("undo", "redo", "help")),
    ACTIONS_BY_NAME["quit"]._replace(label="back", help="back"),
    *(action for action in KEY_ACTIONS if action.help == "scroll"),
)  # fmt: skip
"""Actions on the list of cards; actions shared with study have the same keys."""
HOME_ACTIONS = (
    KeyAction("study", ("enter",), "study", "study the deck that is picked, and those below it"),
    KeyAction("browse", ("/",), "browse", "search, read and change your cards"),
    KeyAction("add", ("a",), "add", "add cards to the deck that is picked"),
    KeyAction("import", ("i",), "import", "import a file or folder"),
    KeyAction("stats", ("S",), "stats", "your statistics"),
    KeyAction("catch-up", ("c",), "catch-up", "spread the cards that wait from before over days"),
    KeyAction("sync", ("y",), "sync", "exchange everything with your other machines"),
    KeyAction("help", ("?",), "keys", "show these keys"),
    KeyAction("quit", ("q", "escape"), "quit", "quit"),
    KeyAction("down", ("down", "j"), "", "pick a deck"),
    KeyAction("up", ("up", "k"), "", "pick a deck"),
    KeyAction("page_down", ("pagedown",), "", "pick a deck"),
    KeyAction("page_up", ("pageup",), "", "pick a deck"),
    KeyAction("top", ("home", "g"), "", "pick a deck"),
    KeyAction("bottom", ("end", "G"), "", "pick a deck"),
)
"""Actions on the list of decks."""
RATING_ACTIONS = {f"rate_{rating}": rating for rating in range(1, 6)}


class KeyBindings(NamedTuple):
    """The keys of one screen."""

    keys_by_action: Mapping[str, tuple[str, ...]]
    action_by_key: Mapping[str, str]
    actions: Sequence[KeyAction] = KEY_ACTIONS

    def action_for_key(self, key: str) -> str:
        """Return the action of a key; "" for none."""
        return self.action_by_key.get(key, "")

    def first_key(self, action_name: str) -> str:
        """Return the key to show for an action; "" for none."""
        return next(iter(self.keys_by_action[action_name]), "")

    def key_while_typing(self, action_name: str) -> str:
        """Return an action's key that types no character; "" for none."""
        return next((key for key in self.keys_by_action[action_name] if len(key) > 1), "")


def resolve_bindings(
    own: Mapping[str, Sequence[str]] | None = None, screen_actions: Sequence[KeyAction] = KEY_ACTIONS
) -> KeyBindings:
    """Return the keys of a screen, some customized by the user.

    Raises UsageError for unknown or conflicting keys.

    >>> resolve_bindings({"undo": ["ctrl-u"]}).action_for_key("ctrl-u")
    'undo'
    """
    custom = {name: tuple(keys) for name, keys in (own or {}).items()}
    for name, keys in custom.items():
        _check_action_keys(name, keys)
    taken = {key for action in screen_actions for key in custom.get(action.name, ())}
    keys_by_action = {
        action.name: custom.get(
            action.name, tuple(key for key in action.default_keys if not (action.gives_way and key in taken))
        )
        for action in screen_actions
    }
    action_by_key: dict[str, str] = {}
    for name, keys in keys_by_action.items():
        for key in dict.fromkeys(keys):
            if key in action_by_key:
                raise UsageError(_conflict_message(key, action_by_key[key], name, custom))
            action_by_key[key] = name
    return KeyBindings(keys_by_action, action_by_key, screen_actions)


def _check_action_keys(name: str, keys: tuple[str, ...]) -> None:
    if name not in ACTIONS_BY_NAME:
        raise UsageError(f"unknown action {name!r}. {suggest_name(name, list(ACTIONS_BY_NAME))}")
    if not keys:
        raise UsageError(f"{name} needs a key, such as {name} = {ACTIONS_BY_NAME[name].default_keys[0]!r}.")
    for key in keys:
        if key in RESERVED_KEYS:
            raise UsageError(f"{name} cannot be {key!r}: {RESERVED_KEYS[key]}. Choose another key.")
        if not _is_key(key):
            raise UsageError(
                f"{name}: {key!r} is not a key. "
                f"Use one character, ctrl-LETTER, or one of {', '.join(NAMED_KEYS)}."
            )


def _is_key(key: str) -> bool:
    control = key.startswith("ctrl-") and len(key) == 6 and key[5] in "abefgklnopqrtuvwxy"
    return control or key in NAMED_KEYS or (len(key) == 1 and key.isprintable() and key != " ")


def _conflict_message(key: str, first: str, second: str, custom: Mapping[str, Sequence[str]]) -> str:
    if first in custom and second in custom:
        return f"{first} and {second} both use the key {key!r}. Choose another key for one of them."
    new, old = (first, second) if first in custom else (second, first)
    suggestion = key.upper() if len(key) == 1 and key.islower() else "tab"
    return (
        f"{new} uses the key {key!r}, which belongs to {old}. "
        f"Also give {old} another key, such as {old} = {suggestion!r}."
    )

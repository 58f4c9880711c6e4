"""What may stand behind a name in a deck file: text, tags, switches, lists; each fault noted."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from flashcards.core.cards import LENIENCE, LENIENT, SIBLING
from flashcards.errors import Problem
from flashcards.storage.decks.yaml_nodes import Fields, Items, Node, Source, Text

SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
GOOD_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f" + SIBLING + r"]{1,100}")
IN_QUOTES = 'Put it between quotes, or after "|" on lines of its own.'
HOW_LENIENT = f"lenient is a list of {', '.join(LENIENCE)}; or all, or none"


class Values:
    """Reads the values of one document, noting faults as it goes."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self._problems = problems

    def fault(self, place: Node | tuple[int, int], what: str, remedy: str) -> None:
        """Note what is wrong at a place."""
        self._problems.append(self.source.problem(place, what, remedy))

    def named(self, node: Fields, known: Sequence[str]) -> dict[str, Node]:
        """Return the values by name; a name that is unknown or stands twice is a fault."""
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for name, value in node.fields:
            if name.value == "<<":
                self.fault(name, "<< takes another place in", "Write the values out.")
            elif name.value not in known:
                self.fault(name, f"{name.value!r} is not known here", _nearest(name.value, known))
            elif name.value in values:
                what = f"{name.value!r} stands here twice, first in line {lines[name.value]}"
                self.fault(name, what, "Take one out.")
            else:
                values[name.value] = value
                lines[name.value] = name.line
        return values

    def text(self, node: Node | None) -> str:
        """Return a text as it was typed."""
        if node is None:
            return ""
        if isinstance(node, Text):
            return node.value.rstrip("\n")
        kind = "a list" if isinstance(node, Items) else "a mapping"
        self.fault(node, f"here stands {kind} where text belongs", IN_QUOTES)
        return ""

    def line(self, node: Node | None) -> str:
        """Return a text on one line."""
        return " ".join(self.text(node).split())

    def tags(self, node: Node | None) -> tuple[str, ...]:
        """Return tags, from a list or between commas."""
        if isinstance(node, Items):
            found = [self.line(item) for item in node.items]
        else:
            found = [" ".join(tag.split()) for tag in self.text(node).split(",")]
        return tuple(dict.fromkeys(tag for tag in found if tag))

    def texts(self, node: Node | None) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        if node is None:
            return ()
        found = [self.text(item) for item in (node.items if isinstance(node, Items) else [node])]
        if not any(text.strip() for text in found):
            self.fault(node, "this list is empty", "Add an item, or take the name out.")
        return tuple(dict.fromkeys(text for text in found if text.strip()))

    def switch(self, node: Node | None, name: str) -> bool | None:
        """Return true or false; None when nothing is said."""
        if node is None:
            return None
        text = self.text(node).casefold()
        if text not in SWITCH and isinstance(node, Text):
            self.fault(node, f"{name} is true or false, not {text!r}", f"Write {name}: true")
        return SWITCH.get(text, False)

    def lenient(self, node: Node | None) -> tuple[str, ...] | None:
        """Return what a typed answer may get wrong, in LENIENCE's order; None when not said.

        A list names all of it; a mapping says what is other than usual.
        """
        if node is None:
            return None
        if isinstance(node, Fields):
            named = self.named(node, LENIENCE)
            said = {name: self.switch(value, name) for name, value in named.items()}
            return tuple(kind for kind in LENIENCE if said.get(kind, kind in LENIENT))
        words = self.tags(node)
        if words in (("all",), ("none",)):
            return LENIENCE if words == ("all",) else ()
        for word in words:
            if word not in LENIENCE:
                self.fault(node, f"lenient: {word!r} is not known", f"{HOW_LENIENT}.")
        return tuple(kind for kind in LENIENCE if kind in words)

    def id(self, node: Node | None) -> str:
        """Return an id."""
        text = self.text(node)
        if node is not None and isinstance(node, Text) and not GOOD_ID.fullmatch(text):
            what = f"{text!r} cannot be an id" if text else "the id is empty"
            self.fault(node, what, f'Up to 100 signs, without spaces or "{SIBLING}".')
        return text


def _nearest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}."

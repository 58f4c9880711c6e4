"""Read and check the values of a deck file."""

from collections.abc import Sequence

from flashcards.core.cards import DEFAULT_LENIENCY, LENIENCY_KINDS, SIBLING_SEPARATOR, VALID_NOTE_ID
from flashcards.core.name_suggestions import suggest_name
from flashcards.errors import Problem
from flashcards.storage.decks.yaml_nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from flashcards.storage.decks.yaml_syntax_errors import DeckSource

OTHER_NAMES = {  # keys of other programs
    "question": "front", "prompt": "front", "term": "front", "answer": "back", "definition": "back",
}  # fmt: skip
BOOLEAN_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
QUOTING_REMEDY = 'Put it in quotes, or on separate lines after "|".'
LENIENCY_HELP = f"lenient is a list of {', '.join(LENIENCY_KINDS)}; or all, or none"


class ValueReader:
    """Reads the values of one document, collecting problems."""

    def __init__(self, source: DeckSource, problems: list[Problem]) -> None:
        self.source = source
        self._problems = problems

    def add_problem(self, location: YamlNode | tuple[int, int], what: str, remedy: str) -> None:
        """Add a problem at a place."""
        self._problems.append(self.source.problem_at(location, what, remedy))

    def read_mapping(self, node: MappingNode, known: Sequence[str]) -> dict[str, YamlNode]:
        """Return the values by key; report unknown and repeated keys."""
        values: dict[str, YamlNode] = {}
        lines: dict[str, int] = {}
        for name, value in node.entries:
            if name.value == "<<":
                self.add_problem(name, "YAML merge keys (<<) are not supported", "Write the values out.")
            elif (our_name := OTHER_NAMES.get(name.value.casefold(), "")) in known:
                fixed = self.source.lines[name.line - 1].replace(name.value, our_name, 1).strip()
                self.add_problem(name, f"{name.value!r} is called {our_name} here", f"write   {fixed}")
                values.setdefault(our_name, value)
            elif name.value not in known:
                self.add_problem(name, f"unknown key {name.value!r}", suggest_name(name.value, known))
            elif name.value in values:
                what = f"{name.value!r} is repeated; first on line {lines[name.value]}"
                self.add_problem(name, what, "Remove one of them.")
            else:
                values[name.value] = value
                lines[name.value] = name.line
        return values

    def read_text(self, node: YamlNode | None) -> str:
        """Return a text as it was typed."""
        if node is None:
            return ""
        if isinstance(node, ScalarNode):
            return node.value.rstrip("\n")
        kind = "a list" if isinstance(node, SequenceNode) else "a mapping"
        self.add_problem(node, f"expected text, found {kind}", QUOTING_REMEDY)
        return ""

    def read_line(self, node: YamlNode | None) -> str:
        """Return a text on one line."""
        return " ".join(self.read_text(node).split())

    def read_tags(self, node: YamlNode | None) -> tuple[str, ...]:
        """Return tags, from a list or separated by commas."""
        if isinstance(node, SequenceNode):
            tags = [self.read_line(item) for item in node.items]
        else:
            tags = [" ".join(tag.split()) for tag in self.read_text(node).split(",")]
        return tuple(dict.fromkeys(tag for tag in tags if tag))

    def read_text_list(self, node: YamlNode | None) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        if node is None:
            return ()
        items = node.items if isinstance(node, SequenceNode) else [node]
        texts = [self.read_text(item) for item in items]
        if not any(text.strip() for text in texts):
            self.add_problem(node, "this list is empty", "Add an item, or remove the key.")
        return tuple(dict.fromkeys(text for text in texts if text.strip()))

    def read_boolean(self, node: YamlNode | None, name: str) -> bool | None:
        """Return true or false; None if absent."""
        if node is None:
            return None
        text = self.read_text(node).casefold()
        if text not in BOOLEAN_WORDS and isinstance(node, ScalarNode):
            is_list = name == "list" and "," in text
            fixed = f"[{node.value.strip()}]" if is_list else "true"
            self.add_problem(node, f"{name} must be true or false, not {text!r}", f"Write {name}: {fixed}")
        return BOOLEAN_WORDS.get(text, False)

    def read_leniency(self, node: YamlNode | None) -> tuple[str, ...] | None:
        """Return some of LENIENCY_KINDS, in their order; None if absent.

        A list names all of them; a mapping overrides the default.
        """
        if node is None:
            return None
        if isinstance(node, MappingNode):
            named = self.read_mapping(node, LENIENCY_KINDS)
            switches = {name: self.read_boolean(value, name) for name, value in named.items()}
            return tuple(kind for kind in LENIENCY_KINDS if switches.get(kind, kind in DEFAULT_LENIENCY))
        words = self.read_tags(node)
        if words in (("all",), ("none",)):
            return LENIENCY_KINDS if words == ("all",) else ()
        for word in words:
            if word not in LENIENCY_KINDS:
                self.add_problem(node, f"lenient: {word!r} is not known", f"{LENIENCY_HELP}.")
        return tuple(kind for kind in LENIENCY_KINDS if kind in words)

    def read_id(self, node: YamlNode | None) -> str:
        """Return an id."""
        text = self.read_text(node)
        if node is not None and isinstance(node, ScalarNode) and not VALID_NOTE_ID.fullmatch(text):
            what = f"{text!r} cannot be an id" if text else "the id is empty"
            remedy = f'Use up to 100 characters, without spaces or "{SIBLING_SEPARATOR}".'
            self.add_problem(node, what, remedy)
        return text

"""Parse YAML into nodes of plain text, with locations.

No recursion before the depth is checked, no implicit types, no aliases.
"""

from collections.abc import Iterator

import yaml

from flashcards.errors import Problem
from flashcards.storage.decks.yaml_nodes import (
    QUOTES_REMEDY,
    DeckSyntaxError,
    MappingNode,
    ScalarNode,
    SequenceNode,
    YamlNode,
)
from flashcards.storage.decks.yaml_syntax_errors import (
    BRACKETS_REMEDY,
    MAX_NESTING_DEPTH,
    TOO_DEEP_MESSAGE,
    DeckSource,
    explain_syntax_error,
)

ALIAS_REMEDY = "Write the text out; or, if the sign belongs to the text, put it between quotes."
MAX_SYNTAX_REPAIRS = 20  # syntax errors repaired in passing, so that one run reports them all


def parse_yaml(text: str, path: str) -> tuple[YamlNode | None, DeckSource, list[Problem]]:
    """Return the document, its source for locations, and its syntax problems.

    A value that only lacks quotes is reported, and read as if it had them.
    """
    source = DeckSource(path, tuple(text.splitlines()))
    lines, problems = text.split("\n"), list[Problem]()
    while True:
        try:
            return _parse_document("\n".join(lines), source), source, problems
        except DeckSyntaxError as fault:
            return None, source, [*problems, fault.problem]
        except yaml.MarkedYAMLError as error:
            problem, fixed_line = explain_syntax_error(error, source, lines)
            problems.append(problem)
            if fixed_line is None or len(problems) > MAX_SYNTAX_REPAIRS:
                return None, source, problems
            lines[problem.line - 1] = fixed_line


def _parse_document(text: str, source: DeckSource) -> YamlNode | None:
    """Build the document of a text, without recursion."""
    root: YamlNode | None = None
    open_nodes: list[SequenceNode | MappingNode] = []
    names: list[ScalarNode | None] = []  # by open node: the name in a mapping that waits for its value
    for event in _yaml_events(text):
        mark = event.start_mark
        location = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _raise_if_unsupported(event, location, source, has_document=root is not None, depth=len(open_nodes))
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            names.pop()
            continue
        node = _node_from_event(event, location)
        if node is None:
            continue
        if not open_nodes:
            root = node
        elif isinstance(parent := open_nodes[-1], SequenceNode):
            parent.items.append(node)
        elif (name := names[-1]) is not None:
            parent.entries.append((name, node))
            names[-1] = None
        elif isinstance(node, ScalarNode):
            names[-1] = node
        else:
            raise DeckSyntaxError(
                source.problem_at(location, "a name is a word, not a list or a mapping", QUOTES_REMEDY)
            )
        if not isinstance(node, ScalarNode):
            open_nodes.append(node)
            names.append(None)
    return root


def _yaml_events(text: str) -> Iterator[yaml.Event]:
    # libyaml is forty times as fast, and gives the same events.
    parser = getattr(yaml, "CLoader", yaml.Loader)(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _node_from_event(event: yaml.Event, location: tuple[int, int]) -> YamlNode | None:
    if isinstance(event, yaml.ScalarEvent):
        end = (event.end_mark.line + 1, event.end_mark.column + 1) if event.end_mark else location
        return ScalarNode(*location, event.value, event.style or "", end)
    if isinstance(event, yaml.SequenceStartEvent):
        return SequenceNode(*location, [])
    if isinstance(event, yaml.MappingStartEvent):
        return MappingNode(*location, [])
    return None


def _raise_if_unsupported(
    event: yaml.Event, location: tuple[int, int], source: DeckSource, *, has_document: bool, depth: int
) -> None:
    """Raise DeckSyntaxError for YAML features that decks do not have."""
    what = remedy = ""
    if isinstance(event, yaml.DocumentStartEvent) and has_document:
        what, remedy = "a second YAML document starts here", "One file is one deck: split the file."
    elif isinstance(event, yaml.AliasEvent):
        what, remedy = f"YAML aliases (*{event.anchor}) are not supported", ALIAS_REMEDY
    elif isinstance(event, yaml.NodeEvent) and event.anchor:
        what, remedy = f"YAML anchors (&{event.anchor}) are not supported", ALIAS_REMEDY
    elif (tag := getattr(event, "tag", None)) and tag != "!":
        what, remedy = f"the YAML tag {tag} is not supported", "Remove it: values are always text."
    elif isinstance(event, yaml.CollectionStartEvent) and depth >= MAX_NESTING_DEPTH:
        what, remedy = TOO_DEEP_MESSAGE, BRACKETS_REMEDY
    if what:
        raise DeckSyntaxError(source.problem_at(location, what, remedy))

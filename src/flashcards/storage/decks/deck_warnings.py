"""Find likely mistakes in valid deck files: escapes, comments, empty backs."""

import re
from collections.abc import Iterator

from flashcards.core.decks import Deck
from flashcards.errors import Problem
from flashcards.storage.decks.own_format_reader import read_own_format
from flashcards.storage.decks.reader import parse_any_yaml, read_document, read_nodes
from flashcards.storage.decks.yaml_nodes import (
    DeckSyntaxError,
    MappingNode,
    ScalarNode,
    SequenceNode,
    YamlNode,
    decode_deck,
)
from flashcards.storage.decks.yaml_syntax_errors import CONFLICT, DeckSource, double_quoted, single_quoted

TEXT_KEYS = {"front", "back", "cloze", "choices", "list", "accept", "hint", "note"}
CONTROL_ESCAPE = re.compile(
    r"\\(?P<wanted>[0abvferNLP]|x(?:[01][\da-fA-F]|7[fF]|[89][\da-fA-F])"
    r"|u00(?:[01][\da-fA-F]|7[fF]|[89][\da-fA-F]))|\\.",
    re.DOTALL,
)
HARMLESS_ESCAPE = re.compile(r"(?:x|u00)(?:09|0[aA])$")
OWN_FORMAT_MISTAKE = re.compile(r'\\[xu]|: ""$', re.MULTILINE)  # all of these that our own format can contain


def parse_with_warnings(data: bytes, path: str) -> tuple[Deck | None, list[Problem], list[Problem]]:
    """Return what `parse_deck` does, and the warnings: the deck's likely mistakes."""
    try:
        text = decode_deck(data, path)
    except DeckSyntaxError as fault:
        return None, [fault.problem], []
    deck = read_own_format(text, path)
    if deck and not OWN_FORMAT_MISTAKE.search(text):
        return deck, [], []
    if CONFLICT.search(text):
        return *parse_any_yaml(text, path), []
    node, source, problems = read_nodes(text, path)
    warnings = [] if node is None or problems else [*_escapes(node, source), *_card_warnings(node, source)]
    warnings.sort(key=lambda problem: (problem.line, problem.column))
    return *read_document(node, source, problems), warnings


def parse_strictly(data: bytes, path: str) -> tuple[Deck | None, list[Problem]]:
    """Return what `parse_deck` does, with the warnings of a valid deck as problems."""
    deck, problems, warnings = parse_with_warnings(data, path)
    return deck, problems + warnings if deck else problems


def _scalars(node: YamlNode) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    else:
        inner = node.items if isinstance(node, SequenceNode) else [value for _, value in node.entries]
        for item in inner:
            yield from _scalars(item)


def _escapes(root: YamlNode, source: DeckSource) -> Iterator[Problem]:
    for node in (node for node in _scalars(root) if node.quote == '"'):
        for number in range(node.line, node.end[0] + 1):
            line = source.lines[number - 1]
            start = node.column - 1 if number == node.line else 0
            stop = node.end[1] - 1 if number == node.end[0] else len(line)
            for escape in CONTROL_ESCAPE.finditer(line, start, stop):
                if escape["wanted"] and not HARMLESS_ESCAPE.match(escape["wanted"]):
                    yield _escape_problem(source, node, (number, escape.start() + 1), escape[0])


def _escape_problem(source: DeckSource, node: ScalarNode, place: tuple[int, int], escape: str) -> Problem:
    line, remedy = source.lines[node.line - 1], "Use single quotes, which keep backslashes."
    if node.end[0] == node.line:
        start, end = node.column - 1, node.end[1] - 1
        fixed = line[:start] + single_quoted(line[start:end]) + line[end:]
        remedy = f"use single quotes: write   {fixed.strip()}"
    return source.problem_at(place, f"{escape} between double quotes is a control character", remedy)


def _card_warnings(root: YamlNode, source: DeckSource) -> Iterator[Problem]:
    cards = dict(_entries(root)).get("cards")
    if not isinstance(cards, SequenceNode):
        return
    for card in cards.items:
        values = dict(_entries(card))
        nodes = [node for key in values.keys() & TEXT_KEYS for node in _scalars(values[key])]
        comments = [warning for node in nodes for warning in _comments(node, source)]
        yield from comments
        if not comments:
            yield from _answers(values, source)


def _entries(node: YamlNode) -> Iterator[tuple[str, YamlNode]]:
    if isinstance(node, MappingNode):
        yield from ((name.value, value) for name, value in node.entries)


def _comments(node: ScalarNode, source: DeckSource) -> Iterator[Problem]:
    """Yield a warning for a comment directly after an unquoted text."""
    number, column = node.end
    line = source.lines[number - 1] if number <= len(source.lines) else ""
    if node.quote or not line.startswith(" #", column - 1):
        return
    remedy = "If it belongs to the text, put the text in quotes; if not, put two spaces before #."
    if number == node.line:
        start = node.column - 1 if node.value else column
        before, quoted = line[:start], double_quoted(line[start:].strip())
        before += "" if before.endswith(" ") else " "
        remedy = f"write   {before.lstrip()}{quoted}\n(or put two spaces before # if it is a comment)"
    what = "what follows # is a comment, not part of the text, which has no quotes"
    yield _warning(source, (number, column + 1), what, remedy)


def _answers(values: dict[str, YamlNode], source: DeckSource) -> Iterator[Problem]:
    back, choices = values.get("back"), values.get("choices")
    if not isinstance(back, ScalarNode) or "cloze" in values:
        return
    answer = back.value.strip()
    if not answer and not isinstance(values.get("list"), SequenceNode):
        yield _warning(source, (back.line, back.column), "the back is empty", "Write the answer.")
    for choice in _scalars(choices) if choices else ():
        if answer and choice.value.strip() == answer:
            what = f"the choices hold the right answer, {answer!r}, which is added anyway"
            place = choice.line, choice.column
            yield _warning(source, place, what, "Leave it out: only wrong ones go here.")


def _warning(source: DeckSource, place: tuple[int, int], what: str, remedy: str) -> Problem:
    return source.problem_at(place, what, remedy)._replace(is_warning=True)

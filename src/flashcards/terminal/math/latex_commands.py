"""Parse LaTeX commands by tables: nothing is expanded, loaded or defined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from unicodedata import normalize

from flashcards.terminal.math import latex_symbols as symbols
from flashcards.terminal.math.nodes import (
    Accented,
    Delimited,
    Fraction,
    Node,
    Root,
    Row,
    Script,
    Symbol,
    UnsupportedFormulaError,
)
from flashcards.terminal.math.parser import FormulaParser


def parse_command(parser: FormulaParser, command: str) -> list[Node]:  # noqa: PLR0911 (one return a family)
    """Return what a command stands for. Raises UnsupportedFormulaError."""
    if command in symbols.IGNORED_COMMANDS:
        return []
    if command in symbols.SPACE_COMMANDS:
        return [Symbol(symbols.SPACE_COMMANDS[command], "space")]
    if command in symbols.FRACTION_COMMANDS or command == "binom":
        return [Fraction(parser.parse_argument(), parser.parse_argument(), command != "binom")]
    if command in symbols.ACCENT_MARKS:
        return [
            Accented(symbols.ACCENT_MARKS[command], parser.parse_argument(), command in symbols.LINE_ACCENTS)
        ]
    if command in symbols.TEXT_COMMANDS:
        return [Symbol(parser.parse_text(), "text")]
    if command == "operatorname*":
        return [Symbol("".join(_symbol_texts(parser.parse_argument())), "limited")]
    if command in symbols.PASS_THROUGH_COMMANDS:
        return [parser.parse_argument()]
    if command in symbols.ALPHABET_COMMANDS:
        return [_apply_alphabet(symbols.ALPHABET_COMMANDS[command], parser.parse_argument())]
    if command in STRUCTURE_PARSERS:
        return [STRUCTURE_PARSERS[command](parser)]
    return [_named_symbol(command)]


def _parse_delimited(parser: FormulaParser) -> Node:
    opening = parser.parse_delimiter()
    return Delimited(opening, parser.parse_until("\\right"), parser.parse_delimiter())


def _parse_negated(parser: FormulaParser) -> Node:
    relation = parser.parse_argument()
    if not isinstance(relation, Symbol) or len(relation.text) != 1:
        raise UnsupportedFormulaError
    return Symbol(normalize("NFC", f"{relation.text}\u0338"), "rel")


def _symbol_texts(node: Node) -> Iterator[str]:
    for item in node.items if isinstance(node, Row) else (node,):
        if not isinstance(item, Symbol):
            raise UnsupportedFormulaError
        yield item.text


def _stacked(parser: FormulaParser, *, above: bool) -> Node:
    stacked, base = parser.parse_argument(), parser.parse_argument()
    if isinstance(base, Symbol):
        base = Symbol(base.text, "limited")
    return Script(base, None if above else stacked, stacked if above else None)


STRUCTURE_PARSERS: dict[str, Callable[[FormulaParser], Node]] = {  # commands with a grammar of their own
    "textcolor": lambda parser: (parser.parse_text(), parser.parse_argument())[1],
    "xrightarrow": lambda parser: Script(Symbol("⟶", "limited"), None, parser.parse_argument()),
    "sqrt": lambda parser: Root(parser.parse_optional_argument(), parser.parse_argument()),
    "pmod": lambda parser: Delimited("(", Row((Symbol("mod ", "text"), parser.parse_argument())), ")"),
    "overset": partial(_stacked, above=True),
    "stackrel": partial(_stacked, above=True),
    "underset": partial(_stacked, above=False),
    "left": _parse_delimited,
    "begin": FormulaParser.parse_environment,
    "not": _parse_negated,
}


def _named_symbol(command: str) -> Symbol:
    if command == "bmod":
        return Symbol("mod", "bin")
    if command in symbols.LIMIT_OPERATORS:
        known = symbols.COMMAND_SYMBOLS.get(f"\\{command}", "")
        return Symbol(known if not known.isalpha() and known else command, "limited")
    if command in symbols.INTEGRAL_COMMANDS:
        return Symbol(symbols.COMMAND_SYMBOLS[f"\\{command}"], "integral")
    if command in symbols.FUNCTION_NAMES:
        return Symbol(command, "func")
    symbol = symbols.COMMAND_SYMBOLS.get(f"\\{command}")
    if not symbol:
        raise UnsupportedFormulaError
    return Symbol(symbol, "rel" if command == "mid" else symbols.symbol_kind(symbol))


def _apply_alphabet(alphabet: str, node: Node) -> Node:
    if isinstance(node, Row):
        return Row(tuple(_apply_alphabet(alphabet, item) for item in node.items))
    if not isinstance(node, Symbol) or not node.text.isalnum():
        return node
    letters = [symbols.alphabet_letter(alphabet, letter) for letter in node.text]
    if not all(letters):
        raise UnsupportedFormulaError
    return Symbol("".join(letter or "" for letter in letters))

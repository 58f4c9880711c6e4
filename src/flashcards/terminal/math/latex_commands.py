"""Parse LaTeX commands by tables: nothing is expanded, loaded or defined."""

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

_split_words = str.split

FUNCTION_NAMES = frozenset(_split_words(
    "sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln lg exp det dim ker arg "
    "deg gcd hom Pr"
))  # fmt: skip
LIMIT_OPERATORS = frozenset(_split_words(  # operators that take their limits above and below
    "lim max min sup inf argmax argmin limsup liminf injlim projlim sum prod coprod bigcup "
    "bigcap bigoplus bigotimes bigvee bigwedge"
))  # fmt: skip
INTEGRAL_COMMANDS = frozenset(["int", "iint", "iiint", "oint"])
TEXT_COMMANDS = frozenset(_split_words("text textrm textit textbf texttt textsf textnormal mbox"))
PASS_THROUGH_COMMANDS = frozenset(
    ["mathrm", "operatorname", "boxed", "mathop", "mathit", "mathsf", "mathtt", "rm"]
)
ALPHABET_COMMANDS = {  # alphabet commands, and their names in COMMAND_SYMBOLS
    "mathbb": "mathbb", "mathcal": "mathcal", "mathscr": "mathcal", "mathfrak": "mathfrak",
    "mathbf": "mathbf", "boldsymbol": "mathbf", "bm": "mathbf", "symbf": "mathbf",
}  # fmt: skip
ACCENT_MARKS = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "overline": "\u0305", "underline": "\u0332",
}  # fmt: skip
LINE_ACCENTS = frozenset(["overline", "underline"])  # accents that cover all of their argument
FRACTION_COMMANDS = frozenset(["frac", "dfrac", "tfrac", "cfrac"])
SPACE_COMMANDS = {
    ",": " ", ":": " ", ";": " ", "!": "", " ": " ", "quad": "  ", "qquad": "    ", "thinspace": "",
    "enspace": " ", ">": " ",
}  # fmt: skip
IGNORED_COMMANDS = frozenset(_split_words(
    "displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl Bigr "
    "biggl biggr Biggl Biggr middle nonumber notag hline"
))  # fmt: skip


def parse_command(parser: FormulaParser, command: str) -> list[Node]:  # noqa: PLR0911 (one return a family)
    """Return what a command stands for. Raises UnsupportedFormulaError."""
    if command in IGNORED_COMMANDS:
        return []
    if command in SPACE_COMMANDS:
        return [Symbol(SPACE_COMMANDS[command], "space")]
    if command in FRACTION_COMMANDS or command == "binom":
        return [Fraction(parser.parse_argument(), parser.parse_argument(), command != "binom")]
    if command in ACCENT_MARKS:
        return [Accented(ACCENT_MARKS[command], parser.parse_argument(), command in LINE_ACCENTS)]
    if command in TEXT_COMMANDS:
        return [Symbol(parser.parse_text(), "text")]
    if command == "operatorname*":
        return [Symbol("".join(_symbol_texts(parser.parse_argument())), "limited")]
    if command in PASS_THROUGH_COMMANDS:
        return [parser.parse_argument()]
    if command in ALPHABET_COMMANDS:
        return [_apply_alphabet(ALPHABET_COMMANDS[command], parser.parse_argument())]
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
    if command in LIMIT_OPERATORS:
        known = symbols.COMMAND_SYMBOLS.get(f"\\{command}", "")
        return Symbol(known if not known.isalpha() and known else command, "limited")
    if command in INTEGRAL_COMMANDS:
        return Symbol(symbols.COMMAND_SYMBOLS[f"\\{command}"], "integral")
    if command in FUNCTION_NAMES:
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

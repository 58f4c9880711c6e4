"""Parse LaTeX formulas; reject what is not supported."""

import re
from collections.abc import Callable

from flashcards.core.cloze import ANSWERED_GAP, ASKED_GAP, GAP_END
from flashcards.terminal.math import latex_symbols as symbols
from flashcards.terminal.math.nodes import (
    Delimited,
    Matrix,
    Node,
    Row,
    Script,
    Symbol,
    UnsupportedFormulaError,
)

MAX_NESTING = 40
ROW_SEPARATOR = "\\\\"
ENVIRONMENT_DELIMITERS = {  # environments of rows and cells, with their delimiters; a blank means none
    "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖",
    "matrix": "  ", "smallmatrix": "  ", "array": "  ", "cases": "{ ", "aligned": "  ",
    "align": "  ", "align*": "  ", "split": "  ", "gathered": "  ", "gather": "  ",
    "gather*": "  ", "equation": "  ", "equation*": "  ",
}  # fmt: skip
ALIGNED_ENVIRONMENTS = frozenset([  # environments whose & only aligns rows
    "aligned", "align", "align*", "split", "equation", "equation*", "gather", "gather*", "gathered",
])  # fmt: skip
TOKEN_PATTERN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
ParseCommand = Callable[["FormulaParser", str], list[Node]]
"""Takes a parser positioned after a command, and the command's name."""


class FormulaParser:
    """Parses tokens into nodes; commands are delegated to a callback."""

    def __init__(self, source: str, command: ParseCommand) -> None:
        self._tokens: list[str] = TOKEN_PATTERN.findall(source)[::-1]
        self._parse_command = command
        self._depth = 0
        self._has_space_ahead = False
        self._had_space_before = False  # whether white space preceded the last taken token

    def peek_token(self) -> str:
        """Return the next token that is not space; "" at the end."""
        while self._tokens and self._tokens[-1].isspace():
            self._tokens.pop()
            self._has_space_ahead = True
        return self._tokens[-1] if self._tokens else ""

    def take_token(self) -> str:
        """Consume and return the next token that is not space."""
        token = self.peek_token()
        if not token:
            raise UnsupportedFormulaError
        self._had_space_before, self._has_space_ahead = self._has_space_ahead, False
        return self._tokens.pop()

    def parse_row(self, ends: tuple[str, ...]) -> Row:
        """Parse nodes up to one of these tokens, which stays."""
        self._enter_level()
        items: list[Node] = []
        while (token := self.peek_token()) and token not in ends:
            if token in {"^", "_"}:
                base = items.pop() if items else Symbol("")
                items.append(self._parse_scripts(base))
            elif token.startswith("'"):
                items.append(self._parse_primes(items.pop() if items else Symbol("")))
            else:
                items += self._parse_item()
        self._depth -= 1
        return Row(tuple(items))

    def _enter_level(self) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise UnsupportedFormulaError

    def _parse_scripts(self, base: Node) -> Node:
        scripts: dict[str, Node] = {}
        while (token := self.peek_token()) in {"^", "_"}:
            self.take_token()
            if token in scripts:
                raise UnsupportedFormulaError
            scripts[token] = self.parse_argument()
        if isinstance(base, Script):
            if (base.superscript and "^" in scripts) or (base.subscript and "_" in scripts):
                raise UnsupportedFormulaError
            return Script(base.base, base.subscript or scripts.get("_"), base.superscript or scripts.get("^"))
        return Script(base, scripts.get("_"), scripts.get("^"))

    def _parse_primes(self, base: Node) -> Node:
        primes = ""
        while self.peek_token().startswith("'"):
            self.take_token()
            primes += "′"
        above: Node = Symbol(primes)
        if self.peek_token() == "^":
            self.take_token()
            above = Row((above, self.parse_argument()))
        if isinstance(base, Script) and not base.superscript:
            return Script(base.base, base.subscript, above)
        return Script(base, None, above)

    def parse_argument(self) -> Node:
        """Parse an argument: a group or a single symbol."""
        token = self.peek_token()
        if len(token) > 1 and token.isalnum():  # x^10 raises the 1 only
            self._tokens[-1:] = [token[1:], token[0]]
        elif token in {"", "}", "&", "^", "_", "\\\\", "\\right", "\\end"}:
            raise UnsupportedFormulaError
        self._enter_level()
        nodes = self._parse_item()
        self._depth -= 1
        return nodes[0] if len(nodes) == 1 else Row(tuple(nodes))

    def _parse_item(self) -> list[Node]:
        """Parse one item; commands without output give none."""
        token = self.take_token()
        if token == "{":
            return [self.parse_until("}")]
        if token == ASKED_GAP:
            return [self._parse_asked_gap()]
        if token == ANSWERED_GAP:
            return list(self.parse_until(GAP_END).items)
        if token in {"}", "&", "\\\\", "#", "$", "%", "\\"}:
            raise UnsupportedFormulaError
        if not token.startswith("\\"):
            return [self._plain_symbol(token)]
        return self._parse_command(self, token[1:])

    def parse_until(self, end: str) -> Row:
        """Parse nodes up to a token, and consume that, too."""
        row = self.parse_row((end,))
        self.take_token()
        return row

    def _parse_asked_gap(self) -> Symbol:
        """Read […] or a hint in brackets, which is not math."""
        text = ""
        while self._tokens and (token := self._tokens.pop()) != GAP_END:
            text += token
        return Symbol(" ".join(text.split()), "ord", self._had_space_before)

    def _plain_symbol(self, token: str) -> Symbol:
        if token == "~":
            return Symbol(" ", "space")
        if not token.isprintable():
            raise UnsupportedFormulaError
        return Symbol(
            {"-": "−", "*": "∗"}.get(token, token), symbols.symbol_kind(token), self._had_space_before
        )

    def parse_optional_argument(self) -> Node | None:
        """Parse an argument in brackets, if there is one."""
        if self.peek_token() != "[":
            return None
        self.take_token()
        return self.parse_until("]")

    def parse_text(self) -> str:
        """Read a group's text verbatim, spaces included."""
        if self.take_token() != "{":
            raise UnsupportedFormulaError
        text = ""
        while self._tokens and (token := self._tokens.pop()) != "}":
            if token in {"{", "$"} or (token.startswith("\\") and token[1:] not in {*"%&_#$ ,"}):
                raise UnsupportedFormulaError
            text += " " if token.isspace() or token == "~" else token.removeprefix("\\")
        if not text.isprintable():
            raise UnsupportedFormulaError
        return text

    def take_row_end(self) -> None:
        """Consume a row separator and its optional row distance."""
        if self.take_token() != ROW_SEPARATOR:
            raise UnsupportedFormulaError
        if self._tokens and self._tokens[-1] == "[":
            self.parse_optional_argument()

    def parse_delimiter(self) -> str:
        """Read a delimiter; a point means none, ""."""
        token = self.take_token()
        if token.startswith("\\"):
            token = symbols.COMMAND_SYMBOLS.get(token, token[1:])
        if len(token) != 1 or token.isalnum():
            raise UnsupportedFormulaError
        return "" if token == "." else token

    def parse_environment(self) -> Node:
        """Parse an environment from its name to its end."""
        name = self.parse_text()
        if name not in ENVIRONMENT_DELIMITERS:
            raise UnsupportedFormulaError
        if name == "array":
            self.parse_text()
        rows: list[tuple[Node, ...]] = []
        cells: list[Node] = []
        while True:
            cells.append(self.parse_row(("&", ROW_SEPARATOR, "\\end")))
            end = self.peek_token()
            if end == ROW_SEPARATOR:
                self.take_row_end()
            else:
                self.take_token()
            if end != "&":
                rows.append(tuple(cells))
                cells = []
            if end == "\\end":
                break
        if self.parse_text() != name:
            raise UnsupportedFormulaError
        if len(rows) > 1 and rows[-1] == (Row(()),):
            rows.pop()
        opening, closing = tuple(ENVIRONMENT_DELIMITERS[name])
        matrix = Matrix(tuple(rows), name not in ALIGNED_ENVIRONMENTS)
        return Delimited(opening.strip(), matrix, closing.strip())

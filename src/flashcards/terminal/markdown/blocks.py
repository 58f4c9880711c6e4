"""Markdown's blocks as lines: lists hang, quotes have a bar, code and formulas keep their shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import Medium, Room
from flashcards.terminal.markdown.inline import formula_rows, inline, parts
from flashcards.terminal.markdown.parser import parse
from flashcards.terminal.markdown.table import Cell, set_table
from flashcards.terminal.text.bidi import ANY_RIGHT, runs_left, turned, visual
from flashcards.terminal.text.width import CODE, PIECES, width, wrap

RULE = 20
BAR = "│ "
"""What a quotation has at its left."""
FIXED = "\u00a0"
"""Stands for a space at which no line may end."""
TASKS = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def set_blocks(markdown: str, columns: int, medium: Medium, home: str) -> list[Text]:
    """Return the lines of a safe Markdown text."""
    return list(_Blocks(parse(markdown), columns, medium, home).lines())


class _Blocks:
    """Walks markdown-it's flat list of tokens, keeping how deep in lists and quotes it is.

    A token is handled by the method that has the name of its type.
    """

    def __init__(self, tokens: Sequence[Token], columns: int, medium: Medium, home: str) -> None:
        self._tokens = tokens
        self._columns = columns
        self._medium = medium
        self._home = home
        self._margins: list[str] = []
        self._bullet = ""
        self._counts: list[int | None] = []
        self._style = ""
        self._cell: Cell | None = None
        self._row: list[Cell] = []
        self._rows: list[list[Cell]] = []

    def lines(self) -> Iterator[Text]:
        """Yield the lines, with one blank line where the parts ask for one or more."""
        blank: Text | None = None
        begun = False
        for token in self._tokens:
            handle = getattr(self, f"_{token.type}", None)
            for line in (handle(token) if handle else None) or ():
                if _is_blank(line):
                    blank = line if blank is None else min(blank, line, key=len)
                    continue
                if blank is not None and begun:
                    yield blank
                yield line
                blank, begun = None, True

    def _bullet_list_open(self, _: Token) -> None:
        self._counts.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self._counts.append(int(token.attrs.get("start", 1)))

    def _bullet_list_close(self, _: Token) -> Iterator[Text]:
        self._counts.pop()
        if not self._counts:
            yield self._gap

    _ordered_list_close = _bullet_list_close

    def _list_item_close(self, _: Token) -> None:
        self._margins.pop()
        self._bullet = ""

    def _blockquote_open(self, _: Token) -> None:
        self._margins.append(BAR)

    def _blockquote_close(self, _: Token) -> Iterator[Text]:
        self._margins.pop()
        yield self._gap

    def _heading_open(self, _: Token) -> None:
        self._style = theme.HEADING

    def _paragraph_close(self, token: Token) -> Iterator[Text]:
        self._style = ""
        if not token.hidden:
            yield self._gap

    _heading_close = _paragraph_close

    def _hr(self, _: Token) -> Iterator[Text]:
        yield from self._wrapped(Text("─" * min(RULE, self._columns), theme.CHROME))
        yield self._gap

    def _td_open(self, token: Token) -> None:
        self._cell = Cell(Text(), str(token.attrs.get("style", "")).removeprefix("text-align:"))

    _th_open = _td_open

    def _td_close(self, _: Token) -> None:
        if self._cell is not None:
            self._row.append(self._cell)
        self._cell = None

    _th_close = _td_close

    def _tr_close(self, _: Token) -> None:
        self._rows.append(self._row)
        self._row = []

    def _list_item_open(self, _: Token) -> None:
        count = self._counts[-1]
        if count is None:
            self._bullet = "• "
        else:
            self._bullet = f"{count}. "
            self._counts[-1] = count + 1
        self._margins.append(" " * len(self._bullet))

    def _inline(self, token: Token) -> Iterator[Text]:
        children = token.children or []
        if self._cell is not None:
            self._cell = Cell(inline(children, self._style, self._medium), self._cell.side)
            return
        if self._counts and children and children[0].type == "text":
            box = TASKS.get(children[0].content[:4])
            if box and self._bullet:
                self._bullet, children[0].content = box, children[0].content[4:]
        for part in parts(children):
            yield from self._part(part)

    def _part(self, part: list[Token]) -> Iterator[Text]:
        """Set a run of words, or a formula that stands alone, and the pictures in it."""
        rows = formula_rows(part, self._room, self._medium)
        if rows:
            for row in rows:
                yield from self._wrapped(Text(row, self._style))
            return
        for line in inline(part, self._style, self._medium).split("\n", allow_blank=True):
            yield from self._wrapped(line)
        if self._medium.pictures is not None:
            for token in part:
                if token.type == "image":
                    source = str(token.attrs.get("src", ""))
                    room = self._medium.pictures.room(source, self._home, self._room)
                    yield from self._picture(room) if room else ()

    def _display_block(self, token: Token) -> Iterator[Text]:
        token.type = "display"
        yield from self._part([token])
        yield self._gap

    def _picture(self, room: Room) -> Iterator[Text]:
        """Leave room for a picture; the screen sees by the styles where each row of it goes."""
        for row in range(room.rows):
            place = Text(FIXED * room.columns, f"picture:{room.name}:{row}:{room.rows}")
            yield from self._wrapped(place)

    @property
    def _margin(self) -> str:
        """What stands left of a line; deep nesting leaves at least half of the columns to text."""
        return "".join(self._margins)[-(self._columns // 2) :]

    @property
    def _gap(self) -> Text:
        """A blank line, with the bars of the quotations that it is in."""
        return Text(self._margin.rstrip(), theme.CHROME)

    @property
    def _room(self) -> int:
        return max(4, self._columns - width(self._margin))

    def _head(self) -> str:
        """Return what stands before the next line: the margin, with a bullet if one is due."""
        margin, bullet = self._margin, self._bullet
        self._bullet = ""
        return (margin[: -len(bullet)] + bullet)[-len(margin) :] if bullet else margin

    def _wrapped(self, text: Text, pieces: str = PIECES) -> Iterator[Text]:
        turns = not self._medium.reorders and ANY_RIGHT.search(text.plain)
        leftward = bool(turns) and runs_left(text.plain)
        for piece in wrap(text, self._room, pieces):
            line = visual(piece, leftward=leftward) if turns else piece
            if FIXED in line.plain:
                line.plain = line.plain.replace(FIXED, " ")
            head = self._head()
            if leftward:
                line.justify = "right"
                yield line.append(turned(head), theme.CHROME)
            else:
                yield Text.assemble((head, theme.CHROME), line)

    def _placed(self, text: Text) -> Iterator[Text]:
        """Yield a line whose parts are in their places already."""
        for piece in wrap(text, self._room):
            yield Text.assemble((self._head(), theme.CHROME), piece)

    def _fence(self, token: Token) -> Iterator[Text]:
        source, language = token.content.rstrip("\n"), token.info.split(" ")[0]
        self._margins.append("  ")
        for line in _code(source, language).split("\n", allow_blank=True):
            yield from self._wrapped(line, CODE) if line.plain else [Text()]
        self._margins.pop()
        yield self._gap

    _code_block = _fence

    def _table_close(self, _: Token) -> Iterator[Text]:
        rows, self._rows = self._rows, []
        for line in set_table(rows, self._room, turns=not self._medium.reorders):
            yield from self._placed(line)
        yield self._gap


def _is_blank(line: Text) -> bool:
    """Tell whether a line is empty but for the bars of quotations."""
    return not line.plain or (not line.plain.strip(BAR) and BAR[0] in line.plain)


def _code(source: str, language: str) -> Text:
    if not language:
        return Text(source, theme.CODE)
    from flashcards.terminal.markdown.code import highlighted

    return highlighted(source, language)

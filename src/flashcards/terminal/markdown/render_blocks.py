"""Render Markdown blocks as wrapped, styled lines."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import Capabilities
from flashcards.terminal.device.images import ImageBox
from flashcards.terminal.markdown.parser import parse_markdown
from flashcards.terminal.markdown.render_inline import (
    formula_rows,
    render_inline_tokens,
    split_at_formulas,
    styled_gaps,
)
from flashcards.terminal.markdown.render_table import TableCell, render_table
from flashcards.terminal.text.bidi import RTL_CHARACTER, is_rtl_paragraph, reverse_margin, to_visual_order
from flashcards.terminal.text.line_breaking import BREAK_PATTERN, CODE_BREAK_PATTERN, wrap_text
from flashcards.terminal.text.width import display_width

MAX_RULE_WIDTH = 20
QUOTE_BAR = "│ "
NO_BREAK_SPACE = "\u00a0"
TASK_CHECKBOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def render_blocks(markdown: str, columns: int, capabilities: Capabilities, deck_path: str) -> list[Text]:
    """Render sanitized Markdown as wrapped lines."""
    return list(_BlockRenderer(parse_markdown(markdown), columns, capabilities, deck_path).render_lines())


class _BlockRenderer:
    """Walks markdown-it's flat token list, tracking list and quote nesting.

    Each token is handled by the method named after its type.
    """

    def __init__(
        self, tokens: Sequence[Token], columns: int, capabilities: Capabilities, deck_path: str
    ) -> None:
        self._tokens = tokens
        self._columns = columns
        self._capabilities = capabilities
        self._deck_path = deck_path
        self._margins: list[str] = []
        self._pending_bullet = ""
        self._list_counters: list[int | None] = []
        self._text_style = ""
        self._cell_alignment: str | None = None  # None outside of a table's cells
        self._current_row: list[TableCell] = []
        self._table_rows: list[list[TableCell]] = []

    def render_lines(self) -> Iterator[Text]:
        """Yield the lines, collapsing runs of blank ones."""
        blank: Text | None = None
        has_text = False
        for token in self._tokens:
            handle = getattr(self, f"_{token.type}", None)
            for line in (handle(token) if handle else None) or ():
                if _is_blank(line):
                    blank = line if blank is None else min(blank, line, key=len)
                    continue
                if blank is not None and has_text:
                    yield blank
                yield line
                blank, has_text = None, True

    def _bullet_list_open(self, _: Token) -> None:
        self._list_counters.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self._list_counters.append(int(token.attrs.get("start", 1)))

    def _bullet_list_close(self, _: Token) -> Iterator[Text]:
        self._list_counters.pop()
        if not self._list_counters:
            yield self._blank_line

    _ordered_list_close = _bullet_list_close

    def _list_item_close(self, _: Token) -> None:
        self._margins.pop()
        self._pending_bullet = ""

    def _blockquote_open(self, _: Token) -> None:
        self._margins.append(QUOTE_BAR)

    def _blockquote_close(self, _: Token) -> Iterator[Text]:
        self._margins.pop()
        yield self._blank_line

    def _heading_open(self, _: Token) -> None:
        self._text_style = theme.HEADING

    def _paragraph_close(self, token: Token) -> Iterator[Text]:
        self._text_style = ""
        if not token.hidden:
            yield self._blank_line

    _heading_close = _paragraph_close

    def _hr(self, _: Token) -> Iterator[Text]:
        yield from self._wrap_lines(Text("─" * min(MAX_RULE_WIDTH, self._columns), theme.CHROME))
        yield self._blank_line

    def _td_open(self, token: Token) -> None:
        self._cell_alignment = str(token.attrs.get("style", "")).removeprefix("text-align:")

    _th_open = _td_open

    def _td_close(self, _: Token) -> None:
        self._cell_alignment = None

    _th_close = _td_close

    def _tr_close(self, _: Token) -> None:
        self._table_rows.append(self._current_row)
        self._current_row = []

    def _list_item_open(self, token: Token) -> None:
        count = self._list_counters[-1]
        bullet = "• " if count is None else f"{count}{token.markup} "
        self._list_counters[-1] = None if count is None else count + 1
        self._pending_bullet += bullet  # an item can begin with a list
        self._margins.append(" " * len(bullet))

    def _inline(self, token: Token) -> Iterator[Text]:
        children = token.children or []
        if self._cell_alignment is not None:
            text = render_inline_tokens(children, self._text_style, self._capabilities)
            self._current_row.append(TableCell(text, self._cell_alignment))
            return
        if self._list_counters and children and children[0].type == "text":
            box = TASK_CHECKBOXES.get(children[0].content[:4])
            if box and self._pending_bullet:
                self._pending_bullet = self._pending_bullet[: -len(self._margins[-1])] + box
                children[0].content = children[0].content[4:]
        for part in split_at_formulas(children):
            yield from self._part_lines(part)

    def _part_lines(self, tokens: list[Token]) -> Iterator[Text]:
        """Render a run of inline tokens, or a formula of its own, with its images."""
        rows = formula_rows(tokens, self._text_width, self._capabilities)
        if rows:
            for row in rows:
                yield from self._wrap_lines(Text(row, self._text_style))
            return
        for line in render_inline_tokens(tokens, self._text_style, self._capabilities).split(
            "\n", allow_blank=True
        ):
            yield from self._wrap_lines(line)
        if self._capabilities.image_drawer is not None:
            for token in tokens:
                if token.type == "image":
                    source = str(token.attrs.get("src", ""))
                    box = self._capabilities.image_drawer.image_box(source, self._deck_path, self._text_width)
                    yield from self._image_placeholder(box) if box else ()

    def _display_block(self, token: Token) -> Iterator[Text]:
        token.type = "display"
        yield from self._part_lines([token])
        yield self._blank_line

    def _image_placeholder(self, box: ImageBox) -> Iterator[Text]:
        """Reserve rows for an image; their styles tell the screen where to draw."""
        for row in range(box.rows):
            place = Text(NO_BREAK_SPACE * box.columns, f"picture:{box.name}:{row}:{box.rows}")
            yield from self._wrap_lines(place)

    @property
    def _margin(self) -> str:
        """The text left of a line, at most half of the columns."""
        return "".join(self._margins)[-(self._columns // 2) :]

    @property
    def _blank_line(self) -> Text:
        """A blank line that keeps the bars of its quotations."""
        return Text(self._margin.rstrip(), theme.CHROME)

    @property
    def _text_width(self) -> int:
        return max(4, self._columns - display_width(self._margin))

    def _take_line_prefix(self) -> str:
        """Return the next line's margin, with the pending bullet if any."""
        margin, bullet = self._margin, self._pending_bullet
        self._pending_bullet = ""
        return (margin[: -len(bullet)] + bullet)[-len(margin) :] if bullet else margin

    def _wrap_lines(self, text: Text, pieces: str = BREAK_PATTERN) -> Iterator[Text]:
        has_rtl = not self._capabilities.reorders_rtl and RTL_CHARACTER.search(text.plain)
        rtl = bool(has_rtl) and is_rtl_paragraph(text.plain)
        for piece in wrap_text(text, self._text_width, pieces):
            line = to_visual_order(piece, rtl=rtl) if has_rtl else piece
            if NO_BREAK_SPACE in line.plain:
                line.plain = line.plain.replace(NO_BREAK_SPACE, " ")
            prefix = self._take_line_prefix()
            if rtl:
                line.justify = "right"
                yield line.append(reverse_margin(prefix), theme.CHROME)
            else:
                yield Text.assemble((prefix, theme.CHROME), line)

    def _wrap_preformatted(self, text: Text) -> Iterator[Text]:
        """Wrap a line that is already in visual order."""
        for piece in wrap_text(text, self._text_width):
            yield Text.assemble((self._take_line_prefix(), theme.CHROME), piece)

    def _fence(self, token: Token) -> Iterator[Text]:
        source, language = token.content.rstrip("\n"), token.info.split(" ")[0]
        self._margins.append("  ")
        code = styled_gaps(source, lambda plain: _highlight_code(plain, language))
        for line in code.split("\n", allow_blank=True):
            yield from self._wrap_lines(line, CODE_BREAK_PATTERN) if line.plain else [Text()]
        self._margins.pop()
        yield self._blank_line

    _code_block = _fence

    def _table_close(self, _: Token) -> Iterator[Text]:
        rows, self._table_rows = self._table_rows, []
        for line in render_table(rows, self._text_width, turns=not self._capabilities.reorders_rtl):
            yield from self._wrap_preformatted(line)
        yield self._blank_line


def _is_blank(line: Text) -> bool:
    """Tell whether a line holds nothing but quotation bars."""
    return not line.plain or (not line.plain.strip(QUOTE_BAR) and QUOTE_BAR[0] in line.plain)


def _highlight_code(source: str, language: str) -> Text:
    if not language:
        return Text(source, theme.CODE)
    from flashcards.terminal.markdown.highlight_code import highlight_code

    return highlight_code(source, language)

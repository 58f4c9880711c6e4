"""A card's Markdown as lines of styled text; what Markdown does not say stays as it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.columns import width as columns_of
from flashcards.terminal.columns import wrap
from flashcards.terminal.console import safe, safe_line

STYLES = {"strong": "bold", "em": "italic", "s": "strike", "link": theme.LINK}
RULE = 20


def _math(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's own signature)
    """Take `$…$` and `$$…$$` as they are, so that no _ or * in them is taken for emphasis."""
    if state.src[state.pos] != "$":
        return False
    sign = "$$" if state.src.startswith("$$", state.pos) else "$"
    start = state.pos + len(sign)
    end = state.src.find(sign, start)
    inner = state.src[start:end]
    if end < 0 or not inner or (sign == "$" and (inner[0].isspace() or inner[-1].isspace())):
        return False
    if not silent:
        state.push("math", "", 0).content = inner
    state.pos = end + len(sign)
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "math", _math)
    return parser


PARSER = _parser()


def math_text(source: str) -> str:
    """Return math as it is shown: its source, between its dollars."""
    return f"${source}$"


def render(markdown: str, columns: int) -> list[Text]:
    """Return the lines of a card's side, wrapped to so many columns."""
    tokens = PARSER.parse(safe(markdown).expandtabs(4))
    lines = list(_Blocks(tokens, max(8, columns)).lines())
    while lines and not lines[-1].plain:
        lines.pop()
    return lines


class _Blocks:
    """Walks markdown-it's flat list of tokens, keeping how deep in lists and quotes it is.

    A token is handled by the method that has the name of its type.
    """

    def __init__(self, tokens: Sequence[Token], columns: int) -> None:
        self._tokens = tokens
        self._columns = columns
        self._margins: list[str] = []
        self._bullet = ""
        self._counts: list[int | None] = []
        self._style = ""
        self._in_cell = False
        self._row: list[Text] = []
        self._rows: list[list[Text]] = []

    def lines(self) -> Iterator[Text]:
        last_blank = True
        for token in self._tokens:
            handle = getattr(self, f"_{token.type}", None)
            for line in (handle(token) if handle else None) or ():
                if line.plain or not last_blank:
                    yield line
                last_blank = not line.plain

    def _bullet_list_open(self, _: Token) -> None:
        self._counts.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self._counts.append(int(token.attrs.get("start", 1)))

    def _bullet_list_close(self, _: Token) -> Iterator[Text]:
        self._counts.pop()
        if not self._counts:
            yield Text()

    _ordered_list_close = _bullet_list_close

    def _list_item_close(self, _: Token) -> None:
        self._margins.pop()
        self._bullet = ""

    def _blockquote_open(self, _: Token) -> None:
        self._margins.append("│ ")

    def _blockquote_close(self, _: Token) -> Iterator[Text]:
        self._margins.pop()
        yield Text()

    def _heading_open(self, _: Token) -> None:
        self._style = theme.HEADING

    def _paragraph_close(self, token: Token) -> Iterator[Text]:
        self._style = ""
        if not token.hidden:
            yield Text()

    _heading_close = _paragraph_close

    def _hr(self, _: Token) -> Iterator[Text]:
        yield from self._wrapped(Text("─" * min(RULE, self._columns), theme.CHROME))
        yield Text()

    def _td_open(self, _: Token) -> None:
        self._in_cell = True

    _th_open = _td_open

    def _td_close(self, _: Token) -> None:
        self._in_cell = False

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
        text = inline(token.children or (), self._style)
        if self._in_cell:
            self._row.append(text)
        else:
            for part in text.split("\n", allow_blank=True):
                yield from self._wrapped(part)

    def _wrapped(self, text: Text) -> Iterator[Text]:
        margin = "".join(self._margins)
        room = max(4, self._columns - columns_of(margin))
        for piece in wrap(text, room):
            head = margin
            if self._bullet:
                head, self._bullet = margin[: -len(self._bullet)] + self._bullet, ""
            yield Text(head, theme.CHROME) + piece

    def _fence(self, token: Token) -> Iterator[Text]:
        source, language = token.content.rstrip("\n"), token.info.split(" ")[0]
        text = _code(source, language)
        self._margins.append("  ")
        for line in text.split("\n", allow_blank=True):
            yield from self._wrapped(line) if line.plain else [Text()]
        self._margins.pop()
        yield Text()

    _code_block = _fence

    def _table_close(self, _: Token) -> Iterator[Text]:
        rows, self._rows = self._rows, []
        widths = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
        for i, row in enumerate(rows):
            line = Text("  ").join(
                cell + Text(" " * (size - cell.cell_len))
                for cell, size in zip(row, widths, strict=True)
            )
            line.rstrip()
            if i == 0:
                line.stylize(theme.HEADING)
            yield from self._wrapped(line)
        yield Text()


def inline(tokens: Iterable[Token], style: str = "") -> Text:
    """Return the styled text of a paragraph's tokens.

    Each piece passes the gate again: an entity such as `&#x202e;` becomes a sign only here.
    """
    text = Text(style=style)
    styles: list[str] = []
    target = ""
    for token in tokens:
        now = " ".join(styles)
        if token.nesting == 1:
            styles.append(STYLES.get("link" if token.tag == "a" else token.tag, ""))
            target = safe_line(str(token.attrs.get("href", "")))
        elif token.nesting == -1:
            styles.pop()
            if token.type == "link_close" and target not in text.plain:
                text.append(f" ({target})", theme.CHROME)
        else:
            text.append(safe(_content(token)), f"{now} {_style(token)}".strip())
    return text


def _content(token: Token) -> str:
    match token.type:
        case "image":
            return f"[image: {token.content or token.attrs.get('src', '')}]"
        case "math":
            return math_text(token.content)
        case "softbreak" | "hardbreak":
            return "\n"
        case _:
            return token.content


def _style(token: Token) -> str:
    return theme.CODE if token.type == "code_inline" else ""


def _code(source: str, language: str) -> Text:
    if not language:
        return Text(source, theme.CODE)
    from flashcards.terminal.listing import highlighted  # noqa: PLC0415 (brings all of Pygments)

    return highlighted(source, language)

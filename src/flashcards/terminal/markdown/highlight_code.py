"""Syntax highlighting of code blocks."""

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, is_token_subtype
from pygments.util import ClassNotFound
from rich.text import Text

from flashcards.terminal import theme

MAX_HIGHLIGHT_LENGTH = 20_000  # longer code is shown plain, so that no card makes the user wait
STYLES = (
    (Comment, theme.COMMENT),
    (Keyword, theme.KEYWORD),
    (Operator.Word, theme.KEYWORD),
    (String, theme.STRING),
    (Number, theme.NUMBER),
    (Name.Function, theme.NAME),
    (Name.Class, theme.NAME),
)


def highlight_code(source: str, language: str) -> Text:
    """Return code styled by its tokens, or in one style if unknown."""
    # The text always equals the source.
    if len(source) > MAX_HIGHLIGHT_LENGTH:
        return Text(source, theme.CODE)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return Text(source, theme.CODE)
    text = Text()
    for kind, piece in lexer.get_tokens(source):
        style = next((style for family, style in STYLES if is_token_subtype(kind, family)), "")
        text.append(piece, style)
    return text if text.plain == source else Text(source, theme.CODE)

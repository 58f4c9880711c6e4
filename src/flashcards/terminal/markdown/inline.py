"""What stands in a line of Markdown: emphasis, code, links, pictures' captions, mathematics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markdown_it.token import Token
from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import Medium
from flashcards.terminal.text.sanitize import safe, safe_line

STYLES = {"strong": "bold", "em": "italic", "s": "strike", "link": theme.LINK}
BREAKS = ("softbreak", "hardbreak")
UNBROKEN = 24
"""Columns up to which a formula stays on one line."""


def inline(tokens: Iterable[Token], style: str, medium: Medium) -> Text:
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
            own = theme.CODE if token.type == "code_inline" else ""
            text.append(safe(_content(token, medium)), f"{now} {own}".strip())
    return text


def _content(token: Token, medium: Medium) -> str:
    match token.type:
        case "image":
            return f"[image: {token.content or token.attrs.get('src', '')}]"
        case "math" | "display":
            return _formula(token, medium)
        case "softbreak" | "hardbreak":
            return "\n"
        case _:
            return token.content


def _formula(token: Token, medium: Medium) -> str:
    """Return mathematics as part of a line; its source, between its dollars, if that fails."""
    told = None
    if medium.unicode:
        from flashcards.terminal.math import in_line

        told = in_line(token.content)
    if told is None:
        sign = "$" if token.type == "math" else "$$"
        return f"{sign}{token.content}{sign}"
    return told.replace(" ", "\u00a0") if len(told) <= UNBROKEN else told


def formula_rows(part: Sequence[Token], columns: int, medium: Medium) -> Sequence[str]:
    """Return the rows of a formula that stands alone; none when there is more, or it cannot be."""
    if len(part) != 1 or part[0].type not in {"math", "display"} or not medium.unicode:
        return ()
    from flashcards.terminal.math import in_rows

    return [safe_row(row) for row in in_rows(part[0].content, columns) or ()]


def safe_row(row: str) -> str:
    """Return a row of a formula, safe, with spaces at which it does not break."""
    return safe(row).replace(" ", "\u00a0")


def _says(token: Token) -> bool:
    """Tell whether a token has anything to show."""
    return bool(token.content) or token.type == "image"


def parts(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return a paragraph's tokens, cut where a formula stands on lines of its own."""
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "display":
            found += [[token], []]
        else:
            found[-1].append(token)
    for part in found:
        while part and part[0].type in BREAKS:
            del part[0]
        while part and part[-1].type in BREAKS:
            del part[-1]
        if part and len(found) > 1:
            part[0].content = part[0].content.lstrip()
            part[-1].content = part[-1].content.rstrip()
    return [part for part in found if any(map(_says, part))]

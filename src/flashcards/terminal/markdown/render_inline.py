"""Render inline Markdown: emphasis, code, links, images, formulas."""

import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import unquote

from markdown_it.token import Token
from rich.text import Text

from flashcards.core.cloze import GAP_END, GAP_MARKS
from flashcards.core.sounds import SOUND_MARK, SOUND_TAG, is_sound_name
from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import Capabilities
from flashcards.terminal.text.sanitize import sanitize, sanitize_line

TOKEN_STYLES = {"strong": "bold", "em": "italic", "s": "strike", "link": theme.LINK}
ENCODED_GAP_MARK = re.compile("%EF%B7%9[0-2]")  # markdown-it percent-encodes marks in link targets
GAP_MARKS_KEPT = re.compile(f"({GAP_MARKS.pattern})")
LINE_BREAKS = ("softbreak", "hardbreak")
MAX_UNBROKEN_FORMULA = 24  # columns up to which a formula is never broken


def render_inline_tokens(tokens: Iterable[Token], style: str, capabilities: Capabilities) -> Text:
    """Return the styled text of a paragraph's tokens."""
    # Every piece is sanitized again, because entities such as `&#x202e;` are decoded only by the parser.
    text = Text(style=style)
    styles: list[str] = []
    target = gap = ""
    start = 0
    for token in tokens:
        now = " ".join(styles)
        if token.nesting == 1:
            styles.append(TOKEN_STYLES.get("link" if token.tag == "a" else token.tag, ""))
            if token.tag == "a":
                start = len(text)
                target = sanitize_line(ENCODED_GAP_MARK.sub("", str(token.attrs.get("href", ""))))
        elif token.nesting == -1:
            styles.pop()
            is_sound = text.plain.startswith(SOUND_MARK, start) and is_sound_name(target)
            if token.type == "link_close" and not (
                target in text.plain or is_sound or target.startswith("media/")
            ):
                text.append(f" ({target})", theme.CHROME)
        else:
            own = theme.CODE if token.type == "code_inline" else ""
            for piece in GAP_MARKS_KEPT.split(_token_text(token, capabilities)):
                if GAP_MARKS.match(piece):
                    gap = "" if piece == GAP_END else theme.GAP
                elif piece:
                    text.append(sanitize(piece), f"{now} {own} {gap}".strip())
    return text


def styled_gaps(source: str, render: Callable[[str], Text]) -> Text:
    """Style code with `render`, then mark its gaps."""
    # Gap marks are removed first so that they do not disturb the highlighting.
    text = render(GAP_MARKS.sub("", source))
    start = place = 0
    for piece in GAP_MARKS_KEPT.split(source):
        if piece == GAP_END:
            text.stylize(theme.GAP, start, place)
        elif GAP_MARKS.match(piece):
            start = place
        else:
            place += len(piece)
    return text


def _token_text(token: Token, capabilities: Capabilities) -> str:
    match token.type:
        case "image":
            source = ENCODED_GAP_MARK.sub("", str(token.attrs.get("src", "")))
            name = token.content or unquote(source).rpartition("/")[2]
            return f"{SOUND_MARK}{name}" if is_sound_name(source) else f"[image: {name}]"
        case "math" | "display":
            return _formula_text(token, capabilities)
        case "softbreak" | "hardbreak":
            return "\n"
        case "text":
            return re.sub(SOUND_TAG, lambda tag: SOUND_MARK + tag[1], token.content)
        case _:
            return token.content


def _formula_text(token: Token, capabilities: Capabilities) -> str:
    """Return an inline formula, or its source if it is unsupported."""
    formula = None
    if capabilities.has_unicode:
        from flashcards.terminal.math.render_formula import render_formula_inline

        formula = render_formula_inline(token.content)
    if formula is None:
        dollars = "$" if token.type == "math" else "$$"
        return f"{dollars}{token.content}{dollars}"
    return formula.replace(" ", "\u00a0") if len(formula) <= MAX_UNBROKEN_FORMULA else formula


def formula_rows(tokens: Sequence[Token], columns: int, capabilities: Capabilities) -> Sequence[str]:
    """Return the rows of a formula that stands alone, else nothing."""
    if capabilities.is_line_output or not capabilities.has_unicode:
        return ()
    if len(tokens) != 1 or tokens[0].type not in {"math", "display"}:
        return ()
    from flashcards.terminal.math.render_formula import render_formula_block

    rows = render_formula_block(tokens[0].content, columns)
    return [sanitize(row).replace(" ", "\u00a0") for row in rows or ()]  # so that no row is wrapped


def split_at_formulas(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split a paragraph's tokens at formulas that stand alone."""
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "display":
            groups += [[token], []]
        else:
            groups[-1].append(token)
    for part in groups:
        while part and part[0].type in LINE_BREAKS:
            del part[0]
        while part and part[-1].type in LINE_BREAKS:
            del part[-1]
        if part and len(groups) > 1:
            part[0].content = part[0].content.lstrip()
            part[-1].content = part[-1].content.rstrip()
    return [part for part in groups if any(t.type == "image" or GAP_MARKS.sub("", t.content) for t in part)]

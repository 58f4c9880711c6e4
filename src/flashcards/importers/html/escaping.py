"""Escape Markdown; convert math and media names."""

import html
import re
from urllib.parse import unquote

from flashcards.core.markdown_dialect import PRODUCT
from flashcards.importers.shared.source_text import convert_parts

ACTIVE_MARKDOWN = re.compile(  # markup anywhere in a line
    r"""\\(?=[\x00!-/:-@\[-`{-~]|$)
    |`+
    |(?<![\s*])\*+|\*+(?=[^\s*])|^\*+|\*+$
    |(?<=[^\s_])_(?!\w)|(?<!\w)_(?=[^\s_])|^_(?!_)|(?<!_)_$
    |\](?=[(\[])
    |<(?=[^\s<>]{1,60}[:@]|$)
    |&(?=\#?\w{1,31}(?:;|$))
    |^~+|~+$|~~""",
    re.VERBOSE,
)
ACTIVE_SIGN = re.compile(r"[\\`*_~<&$\[\]\r\n]")  # without any, plain text is the same in Markdown
ACTIVE_AT_LINE_START = re.compile(  # markup at the start of a line, except lists
    r"#{1,6}(?:\s|$)|>|`{3}|~{3}|(?:=+|-{2,}|\*{3,}|_{3,}|(?:-\s+){2,}-)\s*$|"
    r"\[[^\[\]\n]+\]:|[-:| ]*-[-:| ]*\|[-:| ]*$"
)
LIST_MARKER = re.compile(r"(?P<number>\d{1,9}(?=[.)])|(?=[-+*]))[-+*.)](?:\s+(?P<item>\S)|\s*$)")
KEPT_IN_PLAIN_TEXT = re.compile(  # math, images, products and lone dollars need no escaping
    rf"""\$\$[^$]+\$\$|\$(?=\S[^$\n]*(?<!\s)\$(?!\d))(?:\w{{1,3}}|[^$\n]*?[\\^_={{}}<>+|][^$\n]*)\$
    |!\[[^\[\]\n]*\]\([^()\n]+\)|{PRODUCT.pattern}|(?<!\$)\$(?=[^$]*\Z)""",
    re.VERBOSE,
)
UNSAFE_IN_NAME = re.compile(
    r"[\x00-\x1f\x7f-\x9f<>\"|?*:\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
SUPERSCRIPTS = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def escape_markdown(text: str) -> str:
    """Escape text for any place within a line."""
    return ACTIVE_MARKDOWN.sub(lambda found: "".join("\\" + sign for sign in found[0]), text)


def escape_line_start(line: str, *, in_item: bool = False) -> str:
    """Escape a line's start against headings, quotes and rules, not lists."""
    if ACTIVE_AT_LINE_START.match(line):
        return "\\" + line
    found = LIST_MARKER.match(line)
    if found and found["item"] and not in_item:
        start = found.start("item")
        return line[:start] + escape_line_start(line[start:], in_item=True)
    return f"{found['number']}\\{line[found.end('number') :]}" if found else line


def plain_to_markdown(text: str) -> str:
    """Escape text of a format without markup, except math and images."""
    if not ACTIVE_SIGN.search(text):
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    text = convert_parts(KEPT_IN_PLAIN_TEXT, text, lambda match: match[0], between=_escape_plain)
    return re.sub(r"^([ \t]*)(.+)", _escape_indented_line, text, flags=re.MULTILINE) if "\n" in text else text


def _escape_indented_line(found: re.Match[str]) -> str:
    """Limit indentation so that it makes no code, except in lists."""
    indent = found[1].expandtabs(4)
    return (indent if LIST_MARKER.match(found[2]) else indent[:3]) + escape_line_start(found[2])


def _escape_plain(text: str) -> str:
    return "\n".join(escape_markdown(line).replace("$", "\\$") for line in text.split("\n"))


def superscript_or_subscript(text: str, sign: str) -> str:
    """Return Unicode superscript (^) or subscript (_), or notation with ^ or _."""
    letters = SUPERSCRIPTS if sign == "^" else SUBSCRIPTS
    if all(ord(letter) in letters for letter in text):
        return text.translate(letters)
    return ("^" if sign == "^" else "\\_") + (text if len(text) == 1 else f"({text})")


BLOCK_LATEX = re.compile(
    r"(?s)\$\$([^$]+)\$\$|\\\[(.+)\\\]"
    r"|\\begin\{(displaymath|equation\*?)\}((?:(?!\\end\{\3\}).)+)\\end\{\3\}"
)
INLINE_LATEX = re.compile(
    r"(?s)\$([^$]+)\$|\\\((.+)\\\)|\\begin\{math\}((?:(?!\\end\{math\}).)+)\\end\{math\}"
)


def math_to_markdown(source: str, *, block: bool, latex: bool) -> str:
    """Convert math in HTML to dollar notation; LaTeX text with dollars stays."""
    source = re.sub(r"<br ?/?>|</?(?:div|p)>", "\n", source, flags=re.IGNORECASE)
    source = html.unescape(re.sub(r"</?[A-Za-z][^<>]*>", "", source)).replace("\xa0", " ")
    source = re.sub(r"\s*\n\s*", "\n", source.strip())
    if latex:
        source, block, bare = _unwrap_latex(source)
        if not bare:
            return source
    if not source:
        return ""
    sign = "$$" if block else "$"
    return f"{sign}{source}{sign}"


def _unwrap_latex(source: str) -> tuple[str, bool, bool]:
    """Remove LaTeX's delimiters; return (source, is block, is only math)."""
    for pattern, is_block in ((BLOCK_LATEX, True), (INLINE_LATEX, False)):
        if whole := pattern.fullmatch(source):
            return whole[whole.lastindex or 0].strip(), is_block, True
    return source, False, "$" not in source


def safe_media_name(source: str) -> str:
    """Return the plain name of a media file, "" if nothing is left."""
    name = unquote(source).replace("\\", "/").rpartition("/")[2]
    return UNSAFE_IN_NAME.sub("", name).strip().lstrip(".")[-150:]


def link_target(source: str) -> str:
    """Return a Markdown link target for a media file or URL, or ""."""
    source = source.strip()
    if re.match(r"(?i)https?://", source):
        return re.sub(r"[\s<>()\x00-\x1f]", lambda found: f"%{ord(found[0]):02x}", source)
    if re.match(r"(?i)[a-z][a-z0-9+.-]*:", source) or not (name := safe_media_name(source)):
        return ""
    target = f"media/{name}"
    return f"<{target}>" if re.search(r"[\s()]", target) else target


def sound_link(source: str) -> str:
    """Return a link to a sound file."""
    name = safe_media_name(html.unescape(source))
    return f"[♪ {escape_markdown(name)}]({link_target(name)})" if name else ""

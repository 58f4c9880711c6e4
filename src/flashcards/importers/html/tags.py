"""Convert HTML fields to Markdown."""

import html
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from flashcards.importers.html.escaping import escape_markdown, link_target, math_to_markdown, sound_link
from flashcards.importers.html.markdown_writer import MarkdownWriter
from flashcards.importers.html.simple_html import convert_simple_html

PLAIN_TEXT = re.compile(r"(?![-=+#>\s])[^<>&\[\]\\`*_~$|\x00-\x1f\x7f\xa0]*")
"""Text that is the same in HTML and Markdown."""
TAG_START = re.compile("<[A-Za-z/!?]")
TAG_PATTERN = re.compile(
    r"""<!--.*?(?:-->|\Z)|<![^<>]*+>|<\?[^<>]*+>
    |<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)
     (?P<rest>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""",
    re.VERBOSE | re.DOTALL,
)
UNQUOTED_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?P<rest>[^<>]*+)>")
"""A tag with unbalanced quotes."""
ATTRIBUTE = re.compile(r"""([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
HIDDEN_TAGS = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "iframe", "object", "rp"}
)
VOID_TAGS = frozenset({"img", "br", "hr", "input", "source", "embed", "wbr", "col"})
HIDING_STYLE = re.compile(r"(?i)(?:display\s*:\s*none|visibility\s*:\s*hidden)")
HIDDEN_ATTRIBUTE = re.compile(r"(?i)\shidden(?=[\s=/]|\Z)")
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
CSS_SKIPPED = re.compile(r"/\*.*?(?:\*/|\Z)|@[^{};]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})", re.DOTALL)
CSS_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SIMPLE_SELECTOR = re.compile(r"\w*([.#][\w-]+)")
STYLE_MARKS = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "u": "*", "s": "~~", "del": "~~",
    "strike": "~~", "code": "`", "tt": "`", "kbd": "`", "samp": "`", "sup": "^", "sub": "_",
}  # fmt: skip
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PARAGRAPH_TAGS = frozenset({"p", "section", "article", "figure", "dl"})
LINE_TAGS = frozenset({
    "div", "dt", "dd", "caption", "center", "header", "footer", "figcaption", "address",
    "details", "summary", "option", "fieldset", "form",
})  # fmt: skip
WRITER_CALLS: dict[str, Callable[[MarkdownWriter, bool], None]] = {  # told whether the tag opens
    **dict.fromkeys(PARAGRAPH_TAGS, lambda writer, _: writer.end_line(blank=True)),
    **dict.fromkeys(LINE_TAGS, lambda writer, _: writer.end_line()),
    "br": lambda writer, _: writer.break_line(),  # </br> is a <br>, too
    "hr": lambda writer, opens: writer.add_rule() if opens else None,
    "ul": lambda writer, opens: writer.switch_block("ul", opens=opens),
    "ol": lambda writer, opens: writer.switch_block("ol", opens=opens),
    "blockquote": lambda writer, opens: writer.switch_block("quote", opens=opens),
    "li": lambda writer, opens: writer.begin_item() if opens else writer.end_line(),
    "pre": lambda writer, opens: writer.switch_code_block(opens=opens),
    "table": lambda writer, opens: writer.switch_table(opens=opens),
    "tr": lambda writer, opens: writer.begin_row() if opens else None,
    "td": lambda writer, opens: writer.switch_cell(opens=opens),
    "th": lambda writer, opens: writer.switch_cell(opens=opens),
    "rt": lambda writer, opens: writer.add_markdown("(" if opens else ")"),
}
MATH_ENDS = {
    "\\(": "\\)", "\\[": "\\]", "[latex]": "[/latex]", "[$]": "[/$]", "[$$]": "[/$$]",
    "$$": "$$", "$": "$",
}  # fmt: skip
MATH_BLOCKS = frozenset({"\\[", "[$$]", "$$"})
MATH_START = re.compile(r"\\[(\[$]|\[latex\]|\[\$\$?\]|\$\$?")
LOOKS_LIKE_MATH = re.compile(r"[^<>]*[\\^_={}][^<>]*")
MAX_MATH_LENGTH = 20_000
KEPT_PIECE = re.compile("(!?)\x00(\\d+)\x00(\\d?)")
SOUND_TAG = re.compile(r"\[sound:([^\]\n]{1,300})\]")


def html_to_markdown(source: str, hidden: Collection[str] = ()) -> str:
    """Convert an HTML field to Markdown, whatever it contains.

    `hidden` has the classes (".x") and ids ("#x") of hidden elements.
    """
    if PLAIN_TEXT.fullmatch(source):
        return source.strip()
    if (text := convert_simple_html(source)) is not None:
        return text
    return convert_tags(source, hidden)


def hidden_names(css: str) -> frozenset[str]:
    """Return the classes and ids that a style sheet hides."""
    names = set[str]()
    for selectors, style in CSS_RULE.findall(CSS_SKIPPED.sub("", css)):
        if HIDING_STYLE.search(style):
            plain = (selector.strip().removeprefix(".card ") for selector in selectors.split(","))
            names |= {found[1] for selector in plain if (found := SIMPLE_SELECTOR.fullmatch(selector))}
    return frozenset(names)


def convert_tags(source: str, hidden: Collection[str] = ()) -> str:
    """Convert any HTML field to Markdown."""
    source = source.replace("\x00", "")
    kept: list[str] = []
    if "$" in source or "\\" in source or "[latex]" in source:
        source = _keep_math(source, kept)
    if "[sound:" in source:
        source = re.sub(SOUND_TAG, lambda found: _keep_piece(kept, sound_link(found[1])), source)
    text = _TagConverter(kept, hidden).convert_html(source)
    return KEPT_PIECE.sub(lambda found: _restored(found[1], kept[int(found[2])], found[3]), text)


def _restored(before: str, piece: str, after: str) -> str:
    """Return a kept piece, separated from a `!` before and a digit after it."""
    before = f"\\{before}" if before and piece.startswith("[") else before
    return f"{before}{piece} {after}" if after and piece.startswith("$") else before + piece + after


def _keep_piece(kept: list[str], markdown: str) -> str:
    """Keep a finished piece of Markdown; return its placeholder."""
    kept.append(markdown)
    return f"\x00{len(kept) - 1}\x00"


def _keep_math(source: str, kept: list[str]) -> str:
    """Replace math by placeholders."""
    # Each kind of end is searched for once only, to stay linear.
    pieces, place = list[str](), 0
    ends: dict[str, int] = {}
    lone = "$" if source.count("$") == 1 == len(MATH_START.findall(source)) else _keep_piece(kept, "\\$")
    while found := MATH_START.search(source, place):
        sign, start = found[0], found.end()
        pieces.append(source[place : found.start()])
        end = _find_math_end(source, MATH_ENDS.get(sign, ""), start, ends)
        if end < 0 or not _is_math(sign, source[start:end]):
            pieces.append(sign if sign.strip("\\$") else sign.replace("$", lone))
            place = start
            continue
        whole = math_to_markdown(source[start:end], block=sign in MATH_BLOCKS, latex=sign == "[latex]")
        pieces.append(_keep_piece(kept, whole))
        place = end + len(MATH_ENDS[sign])
    return "".join([*pieces, source[place:]])


def _find_math_end(source: str, closing: str, start: int, ends: dict[str, int]) -> int:
    """Return the end of math starting at `start`, or -1 if too far."""
    if not closing:
        return -1
    if ends.get(closing, -1) < start:
        found = source.find(closing, start)
        ends[closing] = found if found >= 0 else len(source) + MAX_MATH_LENGTH
    end = ends[closing]
    return end if end - start < MAX_MATH_LENGTH else -1


def _is_math(opening: str, inner: str) -> bool:
    """Tell math from money: dollars need symbols of math between them."""
    if opening[0] != "$":
        return bool(inner.strip())
    if opening == "$" and "\n" in inner:
        return False
    return bool(LOOKS_LIKE_MATH.fullmatch(inner))


@dataclass(slots=True)
class _TagConverter:
    """Converts the tags of a field to calls of a MarkdownWriter.

    A tag that is in no table is handled by the method on_NAME, or ignored.
    """

    kept_pieces: list[str]
    hidden_names: Collection[str] = ()
    writer: MarkdownWriter = field(default_factory=MarkdownWriter)
    hidden_tag: str = ""
    hidden_depth: int = 0  # open elements of the hidden one's name, itself included
    link_targets: list[str] = field(default_factory=list)

    def convert_html(self, source: str) -> str:
        """Return the Markdown of the source."""
        place, pattern = 0, TAG_PATTERN
        while opening := TAG_START.search(source, place):
            start = opening.start()
            self._add_text(source[place:start])
            found = pattern.match(source, start)
            if found is None and pattern is TAG_PATTERN and (found := UNQUOTED_TAG.match(source, start)):
                pattern = UNQUOTED_TAG  # an unclosed quote: searching for its end at each tag is too slow
            if found is None:
                self._add_text("<")
                place = start + 1
                continue
            if name := found["name"]:
                self._handle_tag(name.lower(), found["rest"], opens=not found["close"])
            place = found.end()
        self._add_text(source[place:])
        return self.writer.finish_markdown()

    def _add_text(self, text: str) -> None:
        if text and not self.hidden_tag:
            self.writer.add_text(html.unescape(text) if "&" in text else text)

    def _handle_tag(self, name: str, rest: str, *, opens: bool) -> None:
        if self.hidden_tag:
            if name == self.hidden_tag:
                self.hidden_depth += 1 if opens else -1
                if not opens and (self.hidden_depth < 1 or name in HIDDEN_TAGS):
                    self.hidden_tag = ""
        elif opens and self._is_hidden(rest):
            self.hidden_tag, self.hidden_depth = ("", 0) if name in VOID_TAGS else (name, 1)
        elif name in HIDDEN_TAGS:
            self.hidden_depth = 1
            self.hidden_tag = name if opens and not rest.endswith("/") else ""
        elif name in STYLE_MARKS:
            self.writer.switch_style(STYLE_MARKS[name], on=opens)
        elif name in HEADING_TAGS:
            self.writer.end_line(blank=True)
            self.writer.switch_style("**", on=opens)
        elif call := WRITER_CALLS.get(name):
            call(self.writer, opens)
        elif handle := getattr(self, f"on_{name}", None):
            handle(rest, opens=opens)

    def _is_hidden(self, rest: str) -> bool:
        if not rest or (not self.hidden_names and "none" not in rest and "hidden" not in rest):
            return False
        named = _parse_attributes(rest)
        if HIDING_STYLE.search(named.get("style", "")) or HIDDEN_ATTRIBUTE.search(QUOTED.sub("", rest)):
            return True
        own = {f".{name}" for name in named.get("class", "").split()} | {f"#{named.get('id', '')}"}
        return not own.isdisjoint(self.hidden_names)

    def on_img(self, rest: str, *, opens: bool) -> None:
        if not opens:
            return
        named = _parse_attributes(rest)
        alt = escape_markdown(" ".join(named.get("alt", "").split()))
        target = link_target(named.get("src", ""))
        self.writer.add_markdown(
            _keep_piece(self.kept_pieces, f"![{alt}]({target})" if target else f"[{alt or 'image'}]")
        )

    def on_audio(self, rest: str, *, opens: bool) -> None:
        if opens and (source := _parse_attributes(rest).get("src", "")):
            self.writer.add_markdown(_keep_piece(self.kept_pieces, sound_link(source)))

    on_video = on_source = on_embed = on_audio

    def on_a(self, rest: str, *, opens: bool) -> None:
        if opens:
            address = _parse_attributes(rest).get("href", "")
            self.link_targets.append(link_target(address) if re.match(r"(?i)\s*https?://", address) else "")
            if self.link_targets[-1]:
                self.writer.add_markdown(_keep_piece(self.kept_pieces, "["))
        elif self.link_targets and (target := self.link_targets.pop()):
            self.writer.add_markdown(_keep_piece(self.kept_pieces, f"]({target})"))


def _parse_attributes(rest: str) -> dict[str, str]:
    """Return the attributes of a tag; the first of each name counts."""
    attributes: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(rest):
        value = match[2] or match[3] or match[4] or ""
        attributes.setdefault(match[1].lower(), html.unescape(value))
    return attributes

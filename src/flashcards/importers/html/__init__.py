"""HTML fields as Markdown: every word stays, nothing runs, and plain text costs next to nothing."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from flashcards.importers.html.escaping import escaped, math, reference, sound
from flashcards.importers.html.fast_path import quickly
from flashcards.importers.html.markdown_writer import Lines

PLAIN = re.compile(r"(?![-=+#>\s])[^<>&\[\]\\`*_~$|\x00-\x1f\x7f\xa0]*")
"""Text that HTML and Markdown both show as it is."""
START = re.compile("<[A-Za-z/!?]")
TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)|<![^<>]*+>|<\?[^<>]*+>
    |<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)
     (?P<rest>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""",
    re.VERBOSE | re.DOTALL,
)
SIMPLE = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?P<rest>[^<>]*+)>")
"""A tag whose quotes do not match."""
ATTRIBUTE = re.compile(r"""([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
HIDDEN = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "iframe", "object", "rp"}
)
STYLES = {
    "b": "**", "strong": "**", "i": "*", "em": "*", "u": "*", "s": "~~", "del": "~~",
    "strike": "~~", "code": "`", "tt": "`", "kbd": "`", "samp": "`", "sup": "^", "sub": "_",
}  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = frozenset({"p", "section", "article", "figure", "dl"})
LINES = frozenset({
    "div", "dt", "dd", "caption", "center", "header", "footer", "figcaption", "address",
    "details", "summary", "option", "fieldset", "form",
})  # fmt: skip
MATH_ENDS = {
    "\\(": "\\)", "\\[": "\\]", "[latex]": "[/latex]", "[$]": "[/$]", "[$$]": "[/$$]",
    "$$": "$$", "$": "$",
}  # fmt: skip
MATH_BLOCKS = frozenset({"\\[", "[$$]", "$$"})
OPENS_MATH = re.compile(r"\\[(\[$]|\[latex\]|\[\$\$?\]|\$\$?")
LOOKS_LIKE_MATH = re.compile(r"[^<>]*[\\^_={}][^<>]*")
LONGEST_MATH = 20_000
SOUND = re.compile(r"\[sound:([^\]\n]{1,300})\]")


def to_markdown(source: str) -> str:
    """Return the Markdown of a field of HTML; never raises, whatever the field holds."""
    if PLAIN.fullmatch(source):
        return source.strip()
    if (text := quickly(source)) is not None:
        return text
    return walked(source)


def walked(source: str) -> str:
    """Return the Markdown of a field of whatever HTML."""
    source = source.replace("\x00", "")
    kept: list[str] = []
    if "$" in source or "\\" in source or "[latex]" in source:
        source = _math_kept(source, kept)
    if "[sound:" in source:
        source = SOUND.sub(lambda found: _keep(kept, sound(found[1])), source)
    text = _Walk(kept).walk(source)
    return re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], text) if kept else text


def _keep(kept: list[str], markdown: str) -> str:
    """Put a finished piece of Markdown away, and return the sign that stands for it."""
    kept.append(markdown)
    return f"\x00{len(kept) - 1}\x00"


def _math_kept(source: str, kept: list[str]) -> str:
    """Put math away; each kind of end is looked for once, however many beginnings there are."""
    pieces, place = list[str](), 0
    ends: dict[str, int] = {}
    lone = "$" if source.count("$") == 1 else _keep(kept, "\\$")
    while found := OPENS_MATH.search(source, place):
        sign, start = found[0], found.end()
        pieces.append(source[place : found.start()])
        end = _end(source, MATH_ENDS.get(sign, ""), start, ends)
        if end < 0 or not _is_math(sign, source[start:end]):
            pieces.append(sign if sign.strip("\\$") else sign.replace("$", lone))
            place = start
            continue
        whole = math(source[start:end], block=sign in MATH_BLOCKS, latex=sign == "[latex]")
        pieces.append(_keep(kept, whole))
        place = end + len(MATH_ENDS[sign])
    return "".join([*pieces, source[place:]])


def _end(source: str, closing: str, start: int, ends: dict[str, int]) -> int:
    """Return where math ends that begins at `start`; -1 when it does not, or not soon enough."""
    if not closing:
        return -1
    if ends.get(closing, -1) < start:
        found = source.find(closing, start)
        ends[closing] = found if found >= 0 else len(source) + LONGEST_MATH
    end = ends[closing]
    return end if end - start < LONGEST_MATH else -1


def _is_math(sign: str, inner: str) -> bool:
    """Tell math from money: dollars are math around signs that math has."""
    if sign[0] != "$":
        return bool(inner.strip())
    if sign == "$" and "\n" in inner:
        return False
    return bool(LOOKS_LIKE_MATH.fullmatch(inner))


@dataclass(slots=True)
class _Walk:
    """Goes through the tags of a field and tells `Lines` what they mean.

    A tag that needs more than a table is handled by the method that has its name after `on_`.
    """

    kept: list[str]
    lines: Lines = field(default_factory=Lines)
    hidden: str = ""
    links: list[str] = field(default_factory=list)

    def walk(self, source: str) -> str:
        """Return the Markdown of the source."""
        place, pattern = 0, TAG
        while opening := START.search(source, place):
            start = opening.start()
            self._text(source[place:start])
            found = pattern.match(source, start)
            if found is None and pattern is TAG and (found := SIMPLE.match(source, start)):
                pattern = SIMPLE  # a quote without its partner: looking for it again costs too much
            if found is None:
                self._text("<")
                place = start + 1
                continue
            if name := found["name"]:
                self._tag(name.lower(), found["rest"], opens=not found["close"])
            place = found.end()
        self._text(source[place:])
        return self.lines.finished()

    def _text(self, text: str) -> None:
        if text and not self.hidden:
            self.lines.text(html.unescape(text) if "&" in text else text)

    def _tag(self, name: str, rest: str, *, opens: bool) -> None:
        if self.hidden:
            if not opens and name == self.hidden:
                self.hidden = ""
        elif name in HIDDEN:
            self.hidden = name if opens and not rest.endswith("/") else ""
        elif name in STYLES:
            self.lines.style(STYLES[name], on=opens)
        elif name in HEADINGS:
            self.lines.end(blank=True)
            self.lines.style("**", on=opens)
        elif name in BLOCKS or name in LINES:
            self.lines.end(blank=name in BLOCKS)
        elif handle := getattr(self, f"on_{name}", None):
            handle(rest, opens=opens)

    def on_br(self, _: str, *, opens: bool) -> None:  # noqa: ARG002 (</br> is a <br>, too)
        self.lines.br()

    def on_hr(self, _: str, *, opens: bool) -> None:
        if opens:
            self.lines.rule()

    def _level(self, kind: str, *, opens: bool) -> None:
        (self.lines.enter if opens else self.lines.leave)(kind)

    def on_ul(self, _: str, *, opens: bool) -> None:
        self._level("ul", opens=opens)

    def on_ol(self, _: str, *, opens: bool) -> None:
        self._level("ol", opens=opens)

    def on_blockquote(self, _: str, *, opens: bool) -> None:
        self._level("quote", opens=opens)

    def on_li(self, _: str, *, opens: bool) -> None:
        self.lines.end()
        if opens:
            self.lines.item()

    def on_pre(self, _: str, *, opens: bool) -> None:
        self.lines.fence(opens=opens)

    def on_table(self, _: str, *, opens: bool) -> None:
        self.lines.table(opens=opens)

    def on_rt(self, _: str, *, opens: bool) -> None:
        self.lines.raw("(" if opens else ")")

    def on_tr(self, _: str, *, opens: bool) -> None:
        if opens:
            self.lines.row()

    def on_td(self, _: str, *, opens: bool) -> None:
        self.lines.cell(opens=opens)

    on_th = on_td

    def on_img(self, rest: str, *, opens: bool) -> None:
        if not opens:
            return
        named = _attributes(rest)
        alt = escaped(" ".join(named.get("alt", "").split()))
        target = reference(named.get("src", ""))
        self.lines.raw(_keep(self.kept, f"![{alt}]({target})" if target else f"[{alt or 'image'}]"))

    def on_audio(self, rest: str, *, opens: bool) -> None:
        if opens and (source := _attributes(rest).get("src", "")):
            self.lines.raw(_keep(self.kept, sound(source)))

    on_video = on_source = on_embed = on_audio

    def on_a(self, rest: str, *, opens: bool) -> None:
        if opens:
            address = _attributes(rest).get("href", "")
            self.links.append(reference(address) if re.match(r"(?i)\s*https?://", address) else "")
            if self.links[-1]:
                self.lines.raw("[")
        elif self.links and (target := self.links.pop()):
            self.lines.raw(_keep(self.kept, f"]({target})"))


def _attributes(rest: str) -> dict[str, str]:
    """Return the attributes of a tag; the first of a name counts."""
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(rest):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), html.unescape(value))
    return found

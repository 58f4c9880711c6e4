"""XML from strangers: read without entities, without recursion, and only so deep and so much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from flashcards.errors import FlashcardsError
from flashcards.importers.base import Source
from flashcards.importers.shared.source_text import decoded, named

DEEPEST = 200
MOST = 4_000_000
"""Elements that one text may have."""
DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")


@dataclass(slots=True)
class Element:
    """An element: its name, its attributes, its line, the text right in it, and its children."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text right in it."""
        return "".join(self.pieces)

    def child(self, name: str) -> Element | None:
        """Return its first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def said(self, name: str) -> str:
        """Return the text of its first child of a name; "" when it has none."""
        child = self.child(name)
        return child.text.strip() if child else ""

    def all(self, name: str) -> Iterator[Element]:
        """Yield the elements of a name in it, at any depth, in their order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            waiting.extend(reversed(element.children))


@dataclass(slots=True)
class _Builder:
    """Builds the tree of what expat tells."""

    parser: expat.XMLParserType
    open: list[Element] = field(default_factory=list)
    root: Element | None = None
    many: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.many += 1
        if len(self.open) >= DEEPEST:
            raise FlashcardsError(f"it is nested more than {DEEPEST} levels deep")
        if self.many > MOST:
            raise FlashcardsError(f"it has more than {MOST:,} elements")
        element = Element(name, attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        self.open[-1].pieces.append(text)

    def declared(self, *_: object) -> None:
        self.refuse()

    def refuse(self, *_: object) -> int:
        raise FlashcardsError("it defines entities, which can hide what it says, or be endless")


def tree(source: Source, data: bytes | None = None) -> Element:
    """Return the root of a source's XML. Raises FlashcardsError, with its place, when it is not."""
    text = _text(source, source.data if data is None else data)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    builder = _Builder(parser)
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.EntityDeclHandler = builder.declared
    parser.ExternalEntityRefHandler = builder.refuse
    parser.UnparsedEntityDeclHandler = builder.declared
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        where = f"{named(source)}:{error.lineno}:{error.offset + 1}"
        raise FlashcardsError(f"{where}: this is broken XML: {_what(error)}.") from None
    except FlashcardsError as error:
        line = parser.CurrentLineNumber
        raise FlashcardsError(f"{named(source)}:{line}: this XML is not read: {error}.") from None
    if builder.root is None:
        raise FlashcardsError(f"{named(source)}: there is nothing in this XML.")
    return builder.root


def _what(error: expat.ExpatError) -> str:
    return expat.ErrorString(error.code) or "it ends too early"


def _text(source: Source, data: bytes) -> str:
    """Return XML as text without its declaration, in which its encoding stands."""
    declared = DECLARED.match(data)
    text = ""
    if declared:
        try:
            text = data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeError):
            text = ""
    if not text:
        text = decoded(Source(source.name, data)).text
    return FORBIDDEN.sub("", DECLARATION.sub("", text.removeprefix("\ufeff"), count=1))


def root_name(text: str) -> str:
    """Return the name of the first element in the head of a text; "" when it is no XML."""
    text = text.lstrip()
    while text.startswith(("<?", "<!")):
        comment = text.startswith("<!--")
        text = text.partition("-->" if comment else ">")[2].lstrip()
    found = re.match(r"<([A-Za-z_][\w.-]*)", text)
    return found[1] if found else ""

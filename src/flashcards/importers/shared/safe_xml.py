"""Parse untrusted XML safely, within limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportSource
from flashcards.importers.shared.source_text import decode_text, display_name

MAX_DEPTH = 200
MAX_ELEMENTS = 4_000_000
DECLARED_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")


@dataclass(slots=True)
class XmlElement:
    """An element with its line; its text leaves out that of children."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[XmlElement] = field(default_factory=list)
    text_pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text directly in it."""
        return "".join(self.text_pieces)

    def first_child(self, name: str) -> XmlElement | None:
        """Return the first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def child_text(self, name: str) -> str:
        """Return the text of the first child of this name, or ""."""
        child = self.first_child(name)
        return child.text.strip() if child else ""

    def descendants_named(self, name: str) -> Iterator[XmlElement]:
        """Yield all descendants of this name, in order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            waiting.extend(reversed(element.children))


@dataclass(slots=True)
class _TreeBuilder:
    """Builds the tree from expat's events, below an element of its own."""

    parser: expat.XMLParserType
    open_elements: list[XmlElement] = field(default_factory=lambda: [XmlElement("", {}, 0)])
    element_count: int = 0

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        self.element_count += 1
        if len(self.open_elements) > MAX_DEPTH:
            raise FlashcardsError(f"it is nested more than {MAX_DEPTH} levels deep")
        if self.element_count > MAX_ELEMENTS:
            raise FlashcardsError(f"it has more than {MAX_ELEMENTS:,} elements")
        element = XmlElement(name, attributes, self.parser.CurrentLineNumber)
        self.open_elements[-1].children.append(element)
        self.open_elements.append(element)

    def on_end(self, _: str) -> None:
        self.open_elements.pop()

    def on_text(self, text: str) -> None:
        self.open_elements[-1].text_pieces.append(text)

    def refuse_entity(self, *_: object) -> NoReturn:
        raise FlashcardsError("it defines XML entities, which are not allowed")


def parse_xml(source: ImportSource, data: bytes | None = None) -> XmlElement:
    """Return the root element. Raises FlashcardsError with the place if it is invalid."""
    text = _decode_xml(source, source.data if data is None else data)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    builder = _TreeBuilder(parser)
    parser.StartElementHandler = builder.on_start
    parser.EndElementHandler = builder.on_end
    parser.CharacterDataHandler = builder.on_text
    parser.EntityDeclHandler = builder.refuse_entity
    parser.ExternalEntityRefHandler = builder.refuse_entity
    parser.UnparsedEntityDeclHandler = builder.refuse_entity
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        where = f"{display_name(source)}:{error.lineno}:{error.offset + 1}"
        raise FlashcardsError(
            f"{where}: invalid XML: {expat.ErrorString(error.code) or 'the file ends too early'}."
        ) from None
    except FlashcardsError as error:
        line = parser.CurrentLineNumber
        raise FlashcardsError(f"{display_name(source)}:{line}: cannot read this XML: {error}.") from None
    return builder.open_elements[0].children[0]  # expat refuses a document without any


def _decode_xml(source: ImportSource, data: bytes) -> str:
    """Return XML as text, without the declaration of its encoding."""
    declared = DECLARED_ENCODING.match(data)
    text = ""
    if declared:
        try:
            text = data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeError):
            text = ""
    if not text:
        text, _ = decode_text(ImportSource(source.name, data))
    return FORBIDDEN_CHARACTERS.sub("", XML_DECLARATION.sub("", text.removeprefix("\ufeff"), count=1))


def root_element_name(text: str) -> str:
    """Return the name of the root element, or ""."""
    text = text.lstrip()
    while text.startswith(("<?", "<!")):
        comment = text.startswith("<!--")
        text = text.partition("-->" if comment else ">")[2].lstrip()
    found = re.match(r"<([A-Za-z_][\w.-]*)", text)
    return found[1] if found else ""

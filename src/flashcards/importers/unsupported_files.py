"""Recognise files that cannot be imported, and say what to do instead."""

import io
import re
import zipfile

from flashcards.importers.base import ImportSource
from flashcards.importers.shared.safe_zip import ZIP_ERRORS
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS, read_head

SQLITE_MAGIC = b"SQLite format 3\x00"
AS_PACKAGE = "In Anki: File, Export, .apkg with scheduling; then import that"
ANKI_1 = "a deck of Anki 1. Open it in Anki 2.0 (File, Import), and export as .apkg there"
DATABASES = (  # which words databases have, and what to say of them
    (b"reviewHistory", ANKI_1),
    (b"review_logs", "the database of Decks for Obsidian. Import the notes of its vault; dates stay here"),
    (b"", "a database of an unknown program. Export as CSV there, and import that"),
)
AS_CSV = "Save as CSV there, and import that"
FILE_STARTS = (  # starts of files that are not decks, and what to say of them
    (rb"(?i)(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html[\s>])", "a web page. Download the file itself"),
    (rb"version https://git-lfs", "a Git LFS pointer, not the file. Run: git lfs pull"),
    (rb"(?:\xef\xbb\xbf)?\s*\Z", "the file is empty. Export it again"),
    (rb"nid\tmid\tfields\r?\n", "Anki's list of deleted notes. Import collection.anki2, or a package"),
    (rb"\s*--- Mnemosyne Data", "a deck of Mnemosyne 1. Open it in Mnemosyne 2, and export as .cards"),
    (rb"\xd0\xcf\x11\xe0", f"an old office document. {AS_CSV}"),
    (rb"%PDF-", "a PDF. Export text or CSV from where it was made"),
    (rb"\{\\rtf", "a text document (RTF). Save as plain text there, and import that"),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!", "a packed file. Unpack it, and import what is in it"),
)  # fmt: skip
ZIP_ENTRIES = (  # entries of zip files that are not decks, and what to say of them
    (r"xl/workbook\.", f"a spreadsheet (Excel). {AS_CSV}"),
    (r"content\.xml$", f"a document of an office program. {AS_CSV}"),
    (r"Index/Document\.iwa$", "a document of Numbers or Pages. Export as CSV there, and import that"),
    (r"word/document\.", "a text document (Word). Save as plain text there, and import that"),
    (r"data\.(?:edn|json)$", "a Mochi export. In Mochi, export the deck as Markdown or CSV, and import that"),
    (r".*\.(?:apkg|colpkg)$", "a zip file that holds a package: {}. Unpack it, and import that"),
    (r"", "a zip file, and no package of cards. Unpack it, and import what is in it"),
)
NOTATIONS = (  # programs whose notations are not read, what to do instead, and their patterns
    ("ki or another tool with one note a file", AS_PACKAGE, r"^guid: *\S.*\n(?:.*\n)?notetype: "),
    ("flashcards-obsidian (#card)", AS_PACKAGE, r"^(?![ \t]*- ).*\S #card(?:[-/](?:reverse|spaced))?[ \t]*$"),
    ("mdanki", "Export an .apkg with mdanki, and import that",
     r"^\[#[^\]\n]+\]\(\)|^## .+(?:\n+(?![#%]).+)*\n+%\n"),
    ("org-anki", AS_PACKAGE, r"(?i)^(?:#\+ANKI_DECK:|[ \t]*:ANKI_NOTE_ID:)"),
    ("Obsidian_to_Anki", AS_PACKAGE, r"^START\n(?s:.*?)^END$|^STARTI? .*ENDI?$|^TARGET DECK\b"),
    ("RemNote", "In RemNote: Export, as Anki package or CSV; then import that",
     r"\A(?:#.*\n)?(?:[ \t]*(?:- .*)?\n)*?[ \t]*- .*\S (?:>>|<<|<>|;;) ?.*(?:\n[ \t]*(?:- .*)?)*\Z"),
)  # fmt: skip
READ_HERE = re.compile(
    r"(?im)#flashcards?\b|<!--SR:|^[QC]: |^\s*- .*#card\b|:ANKI_NOTE_TYPE:|^\*.*:(?:drill|fc):"
)


def describe_file(source: ImportSource, *, is_unknown: bool = False) -> str:
    """Say what a file is if it is no deck, and what to do; else "".

    `is_unknown` means that no importer recognised it.
    """
    said = next((said for start, said in FILE_STARTS if re.match(start, source.data)), "")
    if is_unknown and not said and source.data.startswith(b"PK"):
        said = _describe_zip(source.data)
    if is_unknown and source.data.startswith(SQLITE_MAGIC):
        said = next(said for word, said in DATABASES if word in source.data[: 1 << 20])
    return f"this is {said}." if said.startswith(("a ", "an ", "the d")) else said and f"{said}."


def describe_notation(source: ImportSource) -> str:
    """Say whose notation a text has if it is not read here, else ""."""
    text = read_head(source) if source.extension in (*PLAIN_TEXT_EXTENSIONS, ".org") else ""
    if not text or READ_HERE.search(text):
        return ""
    named = ((name, out) for name, out, sign in NOTATIONS if re.search(sign, text, re.MULTILINE))
    return next(
        (f"this is the notation of {name}, which is not read here. {out}." for name, out in named), ""
    )


def _describe_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except ZIP_ERRORS as error:
        return f"a zip file that is damaged ({error}). Download or export it again"
    return next(
        text.format(name) for entry, text in ZIP_ENTRIES for name in (*names, "") if re.match(entry, name)
    )

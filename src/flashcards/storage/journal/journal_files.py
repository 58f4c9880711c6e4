"""Names of journal files."""

from pathlib import Path

IMPORTED_SUFFIX = "-imported"
FILE_SUFFIXES = ("", IMPORTED_SUFFIX)  # imported events, often many, have their own files


def is_journal(name: str) -> bool:
    """Tell whether a path in the data folder is a journal file's."""
    return name.startswith("journal/") and name.count("/") == 1 and name.endswith(".jsonl")


def list_journal_files(journal_dir: Path) -> list[Path]:
    """Return the journal files of all devices, conflict copies included."""
    try:
        return sorted(path for path in journal_dir.iterdir() if path.name.endswith(".jsonl"))
    except FileNotFoundError:
        return []

"""Names of journal files."""

from __future__ import annotations

from pathlib import Path

IMPORTED_SUFFIX = "-imported"
FILE_SUFFIXES = ("", IMPORTED_SUFFIX)  # imported events, often many, have their own files


def list_journal_files(journal_dir: Path) -> list[Path]:
    """Return the journal files of all devices, conflict copies included."""
    try:
        return sorted(path for path in journal_dir.iterdir() if path.name.endswith(".jsonl"))
    except FileNotFoundError:
        return []

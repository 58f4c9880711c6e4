"""The notice that the index is being built, if the history is long."""

from collections.abc import Callable

from flashcards.storage.index.build.update import ProgressCallback, ignore_progress
from flashcards.storage.index.check_index import SourceFiles
from flashcards.storage.index.sources import JOURNAL_FOLDER

LONG_READ_BYTES = 20 << 20  # of history, from which building the index takes noticeable time


def announce_build(
    sources: SourceFiles, on_progress: ProgressCallback | None, notify: Callable[[str], None]
) -> ProgressCallback:
    """Return the progress callback, or announce a long read without one; short reads need none."""
    size = sum(sign[0] for name, (_, sign) in sources.items() if name.startswith(JOURNAL_FOLDER))
    if size <= LONG_READ_BYTES:
        return ignore_progress
    if on_progress is None:
        notify(
            f"Building the index from your history ({size >> 20} MB). This happens once and takes a moment …"
        )
    return on_progress or ignore_progress

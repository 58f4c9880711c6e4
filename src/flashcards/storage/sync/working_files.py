"""The files of a data folder: snapshot them for a commit, and update them from one."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from flashcards.errors import ChangedMeanwhileError
from flashcards.storage.files import make_folder, read_if_there, replace_file, write_file_atomically
from flashcards.storage.index.library_files import MIN_TRUSTED_AGE_NS, file_signature
from flashcards.storage.journal.journal_files import is_journal
from flashcards.storage.locks import LONG_LOCK_ATTEMPTS, hold_lock
from flashcards.storage.store_paths import StorePaths
from flashcards.storage.sync.repository import FILE_MODES, PLAIN_FILE, Blob, Repository, Tree
from flashcards.storage.sync.synced_files import (
    FORMAT_FILE,
    MAX_FILE_SIZE,
    STATE_FILE,
    SyncState,
    is_synced,
    read_sync_state,
    synced_files,
)
from flashcards.storage.sync.tree_merge import too_large, union

OWN_FILES = (FORMAT_FILE, ".gitattributes", ".gitignore", ".stignore")
"""Each machine keeps its own; the first one adds its version."""


class WorkingFiles:
    """The synced files of one data folder."""

    def __init__(self, paths: StorePaths, repository: Repository, now_ns: int) -> None:
        self._paths = paths
        self._repository = repository
        self._now = now_ns
        self._known = read_sync_state(repository.git.folder).files
        self._incomplete: set[str] = set()  # journals that lack lines of a commit

    def snapshot(self, head: Tree) -> Tree:
        """Return the tree of the folder's files, and others of a commit.

        Journals keep all lines of the commit.
        """
        tree = {path: blob for path, blob in head.items() if not is_synced(path)}
        tree |= {path: blob for path, blob in head.items() if is_journal(path)}
        for path, blob in self._taken_down(dict(synced_files(self._paths.data_dir))).items():
            before = head.get(path)
            tree[path] = blob
            if before and (before.id == blob.id or is_journal(path)):
                tree[path] = self._grown(before, blob)
                if tree[path].id != blob.id:
                    self._incomplete.add(path)
        for name in OWN_FILES:
            if name not in tree and (own := read_if_there(self._paths.data_dir / name)) is not None:
                tree[name] = self._repository.keep(own)
        return tree

    def _grown(self, before: Blob, now: Blob) -> Blob:
        """Return a journal file with all lines of a commit."""
        if before.id == now.id:
            return before
        data = self._repository.read((before.id, now.id))
        both = union(data[before.id], data[now.id])
        return now if both == data[now.id] else self._repository.keep(both)

    def _taken_down(self, files: Mapping[str, Path]) -> Tree:
        """Store the contents of changed files; return the blobs of all."""
        signs = {path: file_signature(str(file)) for path, file in files.items()}
        for path, sign in signs.items():
            if sign[0] > MAX_FILE_SIZE:
                raise too_large(str(files[path]), sign[0])
        # A file read within 2 s of its change may have changed again with the same times.
        settled = {p for p, (sign, _, at) in self._known.items() if at - sign[1] > MIN_TRUSTED_AGE_NS}
        new = [p for p, sign in signs.items() if not (p in settled and self._known[p][0] == sign)]
        idents = self._repository.write_files(files[path] for path in new) if new else []
        self._known = {path: known for path, known in self._known.items() if path in files}
        for path, ident in zip(new, idents, strict=True):
            self._known[path] = (signs[path], ident, self._now)
        return {path: Blob(PLAIN_FILE, self._known[path][1], signs[path][0]) for path in files}

    def apply(self, before: Tree, after: Tree) -> None:
        """Update the files from one commit to another: writes first, then deletions.

        Raises ChangedMeanwhileError if another program wrote to one.
        """
        data_dir = self._paths.data_dir
        changed = {
            path: blob
            for path, blob in after.items()
            if blob.mode in FILE_MODES
            and (
                (is_synced(path) and before.get(path) != blob)
                or ((is_journal(path) or path == FORMAT_FILE) and not (data_dir / path).exists())
                or path in self._incomplete
            )
        }
        gone = {p: b for p, b in before.items() if is_synced(p) and p not in after}
        with hold_lock(self._paths.deck_lock, LONG_LOCK_ATTEMPTS):
            old = dict(self._repository.contents({p: before[p] for p in changed if p in before}))
            for path, data in self._repository.contents(changed):
                file = data_dir / path
                if is_journal(path):
                    self._extend_journal(file, data)
                else:
                    replace_file(file, old.get(path), data)
                self._known[path] = (file_signature(str(file)), changed[path].id, self._now)
            for path, content in self._repository.contents(gone):
                if read_if_there(data_dir / path) not in (content, None):
                    raise ChangedMeanwhileError(f"{path}: another program has changed it.")
                (data_dir / path).unlink(missing_ok=True)

    def _extend_journal(self, path: Path, data: bytes) -> None:
        """Add missing lines to a journal file, under the lock."""
        make_folder(path.parent)
        with hold_lock(self._paths.lock_file):
            now = read_if_there(path)
            both = union(now or b"", data)
            if both != now:
                write_file_atomically(path, both)

    def remember(self, at: str) -> None:
        """Save when the sync was done, and how it left the files."""
        there = dict(synced_files(self._paths.data_dir))
        known = {path: seen for path, seen in self._known.items() if path in there}
        state = msgspec.json.encode(SyncState(at, known))
        (self._repository.git.folder / STATE_FILE).write_bytes(state)

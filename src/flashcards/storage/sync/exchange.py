"""One sync: snapshot, fetch, merge, push, apply; the next finishes an interrupted one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from flashcards.core.deck_merge import Conflict
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, StoreError
from flashcards.storage.paths import StorePaths
from flashcards.storage.sync.git import GitError, Remote
from flashcards.storage.sync.repository import TRACKING, Blob, Repository, Tree
from flashcards.storage.sync.tree_merge import Exchanged, count, merge_trees, refuse_foreign, refuse_unsound
from flashcards.storage.sync.working_files import WorkingFiles

TRIES = 20  # if another machine, or an editor, was quicker


class SyncResult(NamedTuple):
    """What a sync did."""

    sent: Exchanged
    got: Exchanged
    conflicts: list[Conflict]
    kept: list[tuple[str, str]]


class Exchange:
    """Syncs one data folder with one remote."""

    def __init__(
        self,
        paths: StorePaths,
        repository: Repository,
        remote: Remote,
        *,
        now: Callable[[], datetime],
        stage: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._paths = paths
        self._repository = repository
        self._remote = remote
        self._now = now
        self._stage = stage

    def run(self) -> SyncResult:
        """Sync, starting again if another machine was quicker. Raises FlashcardsError."""
        self._repository.clear_locks()
        self._repository.refuse_unfit()
        for _ in range(TRIES):
            try:
                result = self._attempt()
            except ChangedMeanwhileError:
                continue
            except OSError as error:
                raise StoreError(
                    f"{error.filename or self._paths.data_dir}: {error.strerror}. Nothing is lost; "
                    "make room or correct the permissions, then sync again."
                ) from error
            if result is not None:
                return result
        raise FlashcardsError(
            f"{self._remote.url}: other machines sent something {TRIES} times while this one "
            "merged. Nothing is lost; sync again."
        )

    def _attempt(self) -> SyncResult | None:
        """Sync once; None if another machine pushed first."""
        repository, seen = self._repository, self._now()
        files = WorkingFiles(self._paths, repository, int(seen.timestamp() * 1e9))
        branch, head = repository.branch(), repository.commit_of("HEAD")
        before = repository.tree(head)
        refuse_foreign(repository, before, str(repository.git.folder))
        self._stage("Looking for what is new here")
        tree = files.snapshot(before)
        refuse_unsound(repository, before, tree)
        mine = head
        if tree != before:
            mine = repository.commit(tree, [head] if head else [])
            repository.set_branch(branch, mine)
        self._stage(f"Fetching from {self._remote.url}")
        there, theirs = self._fetched(branch)
        their_tree = repository.tree(theirs)
        refuse_foreign(repository, their_tree, f"{self._remote.url}, branch {there},")
        self._stage("Merging")
        base = repository.base(mine, theirs) if mine and theirs else ""
        base_tree = repository.tree(base)
        refuse_unsound(repository, base_tree, their_tree, self._remote.url)
        merged = merge_trees(repository, (base, mine, theirs), [base_tree, tree, their_tree])
        tip = self._tip(merged.decks, (base, mine, theirs), (tree, their_tree))
        if tip and tip != theirs:
            self._stage(f"Sending to {self._remote.url}")
            if not self._sent(there, tip, branch, head):
                return None
        self._stage("Bringing the files up to date")
        files.apply(tree, merged.decks)
        if tip != mine:
            repository.set_branch(branch, tip)
        files.remember(seen.isoformat(timespec="seconds"))
        sent, got = count(repository, their_tree, merged.decks), count(repository, tree, merged.decks)
        return SyncResult(sent, got, merged.conflicts, merged.kept)

    def _fetched(self, branch: str) -> tuple[str, str]:
        """Fetch the remote's branch; return its name and commit."""
        heads = self._repository.heads(self._remote)
        there = heads.choose(branch)
        theirs = heads.branches.get(there, "")
        if theirs and theirs != self._repository.commit_of(TRACKING + there):
            self._repository.fetch(self._remote, there)
            theirs = self._repository.commit_of(TRACKING + there)
        return there, theirs

    def _tip(
        self, merged: Mapping[str, Blob], commits: tuple[str, str, str], trees: tuple[Tree, Tree]
    ) -> str:
        """Return the commit with the merged files, an existing or a new one."""
        base, mine, theirs = commits
        if theirs and merged == trees[1] and (base == mine or not mine):
            return theirs
        if merged == trees[0] and base == theirs:
            return mine
        return self._repository.commit(merged, [part for part in (mine, theirs) if part])

    def _sent(self, there: str, tip: str, branch: str, head: str) -> bool:
        """Push a commit; if it fails, reset the local branch."""
        try:
            return self._repository.push(self._remote, there, tip)
        except GitError:
            self._repository.set_branch(branch, head)
            raise

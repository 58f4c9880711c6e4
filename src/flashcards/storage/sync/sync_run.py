"""One sync: snapshot, fetch, merge, push, apply; the next finishes an interrupted one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flashcards.core.deck_merge.merge_decks import Conflict
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, StoreError
from flashcards.storage.store_paths import StorePaths
from flashcards.storage.sync.git import GitError, Remote
from flashcards.storage.sync.repository import TRACKING, Blob, Repository, Tree
from flashcards.storage.sync.tree_merge import Exchanged, count, merge_trees, refuse_foreign, refuse_unsound
from flashcards.storage.sync.working_files import WorkingFiles

COMMIT_MESSAGE = "flashcards sync"
TRIES = 20  # if another machine, or an editor, was quicker


class SyncResult(NamedTuple):
    """What a sync did."""

    sent: Exchanged
    got: Exchanged
    conflicts: list[Conflict]
    kept: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SyncRun:
    """Syncs one data folder with one remote."""

    paths: StorePaths
    repository: Repository
    remote: Remote
    now: Callable[[], datetime]
    stage: Callable[[str], None] = lambda _: None

    def run(self) -> SyncResult:
        """Sync, starting again if another machine was quicker. Raises FlashcardsError."""
        self.repository.clear_locks()
        self.repository.refuse_unfit()
        for _ in range(TRIES):
            try:
                result = self._attempt()
            except ChangedMeanwhileError:
                continue
            except OSError as error:
                raise StoreError(
                    f"{error.filename or self.paths.data_dir}: {error.strerror}. Nothing is lost; "
                    "make room or correct the permissions, then sync again."
                ) from error
            if result is not None:
                return result
        raise FlashcardsError(
            f"{self.remote.url}: other machines sent something {TRIES} times while this one "
            "merged. Nothing is lost; sync again."
        )

    def _attempt(self) -> SyncResult | None:
        """Sync once; None if another machine pushed first."""
        repository, seen = self.repository, self.now()
        files = WorkingFiles(self.paths, repository, int(seen.timestamp() * 1e9))
        branch, head = repository.branch(), repository.commit_of("HEAD")
        before = repository.tree(head)
        refuse_foreign(repository, before, str(repository.git.folder), before)
        self.stage("Looking for what is new here")
        tree = files.snapshot(before)
        refuse_unsound(repository, before, tree)
        mine = head
        if tree != before:
            mine = repository.commit(tree, [head] if head else [], COMMIT_MESSAGE)
            repository.set_branch(branch, mine)
        self.stage(f"Fetching from {self.remote.url}")
        there, theirs = self._fetched(branch)
        their_tree = repository.tree(theirs)
        refuse_foreign(repository, their_tree, f"{self.remote.url}, branch {there}", before)
        self.stage("Merging")
        base = repository.base(mine, theirs) if mine and theirs else ""
        base_tree = repository.tree(base)
        refuse_unsound(repository, base_tree, their_tree, self.remote.url)
        merged = merge_trees(repository, (base, mine, theirs), [base_tree, tree, their_tree])
        tip = self._tip(merged.decks, (base, mine, theirs), (tree, their_tree))
        if tip and tip != theirs:
            self.stage(f"Sending to {self.remote.url}")
            if not self._sent(there, tip, branch, head):
                return None
        self.stage("Bringing the files up to date")
        files.apply(tree, merged.decks)
        if tip != mine:
            repository.set_branch(branch, tip)
        files.remember(seen.isoformat(timespec="seconds"))
        if tip != head:  # or a repository would grow without end
            self.stage("Packing the repository")
            repository.pack(str(repository.git.folder))
            if self.remote.local:
                repository.pack(self.remote.url.removeprefix("file://"))
        sent, got = count(repository, their_tree, merged.decks), count(repository, tree, merged.decks)
        return SyncResult(sent, got, merged.conflicts, merged.kept)

    def _fetched(self, branch: str) -> tuple[str, str]:
        """Fetch the remote's branch; return its name and commit."""
        heads = self.repository.heads(self.remote)
        there = heads.choose(branch)
        theirs = heads.branches.get(there, "")
        if theirs and theirs != self.repository.commit_of(TRACKING + there):
            self.repository.fetch(self.remote, there)
            theirs = self.repository.commit_of(TRACKING + there)
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
        return self.repository.commit(merged, [part for part in (mine, theirs) if part], COMMIT_MESSAGE)

    def _sent(self, there: str, tip: str, branch: str, head: str) -> bool:
        """Push a commit; if it fails, reset the local branch."""
        try:
            return self.repository.push(self.remote, there, tip)
        except GitError:
            self.repository.set_branch(branch, head)
            raise

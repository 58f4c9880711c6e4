"""The repository of a data folder: commits made and read without a checkout."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from flashcards.errors import FlashcardsError
from flashcards.storage.sync.git import Git, GitError, Remote, complaint, unreached_error

NAME, EMAIL = "flashcards", "flashcards@localhost"  # author of commits if git has none
UNFINISHED = "a git merge or rebase is not finished. Nothing was changed; finish it, or git merge --abort"
UNFIT = {
    **dict.fromkeys(
        ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply"), UNFINISHED
    ),
    "shallow": "this clone is shallow: without its history nothing can be merged. Nothing was changed; "
    "git fetch --unshallow",
}
"""Files of git in states in which syncing is impossible."""
TRACKING = "refs/remotes/origin/"
INDEX = "flashcards.index"
BATCH = 32 << 20  # bytes read at once
MAX_LOOSE = 2000  # objects beyond which a repository is packed
STALE = 2.0  # seconds after which a lock file is a killed git's
PLAIN_FILE = "100644"
FILE_MODES = (PLAIN_FILE, "100755")


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a commit."""

    mode: str
    id: str
    size: int = field(default=0, compare=False)


Tree = dict[str, Blob]


class RemoteHeads(NamedTuple):
    """The branches of a remote by name, and its default branch."""

    branches: dict[str, str]
    default: str

    def choose(self, own: str) -> str:
        """Return the branch to sync with: our own, the default or the only one."""
        if not self.branches or own in self.branches:
            return own or "main"
        only = [*self.branches] if len(self.branches) == 1 else []
        found = [name for name in (self.default, *only, "main", "master") if name in self.branches]
        if not found:
            raise FlashcardsError(
                "The remote's default branch does not exist, and it has several others: "
                f"{', '.join(sorted(self.branches))}. Nothing was changed; make the one that holds your "
                "library its default branch."
            )
        return found[0]


class Repository:
    """Commits, trees and files of one repository."""

    def __init__(self, git: Git) -> None:
        self.git = git

    def begin(self, branch: str) -> None:
        """Create the repository, or finish an interrupted creation."""
        self.git.folder.mkdir(mode=0o700, exist_ok=True)
        self.git.run("init", "-q", "--template=")
        self.git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")

    def branch(self) -> str:
        """Return the current branch. Raises FlashcardsError if there is none."""
        found = self.git.line("symbolic-ref", "-q", "HEAD").removeprefix("refs/heads/")
        if not found:
            raise FlashcardsError(
                f"{self.git.folder}: no branch is checked out (a detached HEAD). "
                "Nothing was changed; git switch main goes back to your branch."
            )
        return found

    def refuse_unfit(self) -> None:
        """Raise FlashcardsError if the repository cannot be synced now."""
        for name, told in UNFIT.items():
            if (self.git.folder / name).exists():
                raise FlashcardsError(f"{self.git.folder}: {told}, then sync again.")

    def commit_of(self, name: str) -> str:
        """Return the commit of a branch or reference; "" if there is none."""
        return self.git.line("rev-parse", "-q", "--verify", f"{name}^{{commit}}")

    def tree(self, commit: str) -> Tree:
        """Return the files of a commit by path."""
        if not commit:
            return {}
        found = Tree()
        for line in self.git.run("ls-tree", "-r", "-z", "-l", commit).split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _, ident, size = about.decode().split()
            shown = path.decode("utf-8", "surrogateescape")
            found[shown] = Blob(mode, ident, int(size) if size.isdigit() else 0)
        return found

    def read(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of blobs by id."""
        wanted = sorted(set(ids))
        data = self.git.run("cat-file", "--batch", data="".join(f"{i}\n" for i in wanted).encode())
        found, at = dict[str, bytes](), 0
        for ident in wanted:
            end = data.index(b"\n", at)
            about = data[at:end].split()
            if about[-1] == b"missing":
                raise GitError(f"{self.git.folder}: this repository is damaged; {ident} is missing.")
            size = int(about[-1])
            found[ident] = data[end + 1 : end + 1 + size]
            at = end + size + 2
        return found

    def contents(self, tree: Mapping[str, Blob]) -> Iterator[tuple[str, bytes]]:
        """Yield (path, content) of regular files, in batches to save memory."""
        batches: list[list[tuple[str, str]]] = [[]]
        size = 0
        for path, blob in tree.items():
            if blob.mode in FILE_MODES:
                batches[-1].append((path, blob.id))
                size += blob.size
            if size > BATCH:
                batches.append([])
                size = 0
        for batch in filter(None, batches):
            data = self.read(ident for _, ident in batch)
            yield from ((path, data[ident]) for path, ident in batch)

    def keep(self, data: bytes) -> Blob:
        """Store a content as a blob."""
        words = "hash-object", "-w", "--no-filters", "--stdin"
        return Blob(PLAIN_FILE, self.git.run(*words, data=data).decode().strip(), len(data))

    def write_files(self, paths: Iterable[Path]) -> list[str]:
        """Store the contents of files; return their ids."""
        names = "".join(f"{path}\n" for path in paths)
        words = "hash-object", "-w", "--no-filters", "--stdin-paths"
        return self.git.run(*words, data=names.encode("utf-8", "surrogateescape")).decode().split()

    def commit(self, tree: Mapping[str, Blob], parents: Iterable[str], message: str) -> str:
        """Make a commit of files; return its id."""
        index = str(self.git.folder / INDEX)
        Path(index).unlink(missing_ok=True)
        entries = b"".join(
            f"{blob.mode} {blob.id}\t{path}\0".encode("utf-8", "surrogateescape")
            for path, blob in tree.items()
        )
        own = {"GIT_INDEX_FILE": index}
        self.git.run("update-index", "-z", "--index-info", data=entries, more=own)
        ident = self.git.run("write-tree", more=own).decode().strip()
        words = [word for parent in parents for word in ("-p", parent)]
        words += ["-m", message, ident]
        return self.git.run("commit-tree", *words, more=self._identity()).decode().strip()

    def _identity(self) -> dict[str, str]:
        """Return a committer identity if git has none."""
        if self.git.line("config", "user.email") or self.git.line("config", "user.name"):
            return {}
        return {
            f"GIT_{role}_{what}": said
            for role in ("AUTHOR", "COMMITTER")
            for what, said in (("NAME", NAME), ("EMAIL", EMAIL))
        }

    def set_branch(self, branch: str, commit: str) -> None:
        """Move a branch and git's index to a commit; "" deletes the branch."""
        name = f"refs/heads/{branch}"
        self.git.run("update-ref", *(("--", name, commit) if commit else ("-d", name)))
        if commit:
            self.git.attempt("read-tree", commit)  # only for `git status`; another may hold it

    def clear_locks(self) -> None:
        """Delete lock files of killed git processes: git holds them only briefly."""
        folder = self.git.folder
        (folder / f"{INDEX}.lock").unlink(missing_ok=True)
        names = ("HEAD.lock", "config.lock", "packed-refs.lock")
        for lock in (*(folder / name for name in names), *(folder / "refs").rglob("*.lock")):
            with suppress(FileNotFoundError):
                while (age := time.time() - lock.stat().st_mtime) < STALE:
                    time.sleep(min(STALE, STALE - age))
                lock.unlink()

    def pack(self, folder: str) -> None:
        """Pack a repository with many loose objects."""
        place = f"--git-dir={folder}"
        if not self.git.line(place, "config", "gc.recentObjectsHook"):  # a program that git would run
            self.git.attempt(place, "-c", f"gc.auto={MAX_LOOSE}", "gc", "--auto", "-q")

    def base(self, one: str, other: str) -> str:
        """Return the common ancestor of two commits; "" if there is none."""
        found = self.git.attempt("merge-base", "--all", one, other).stdout.decode().split()
        return min(found, default="")

    def commits(self, base: str, tip: str, path: str) -> Iterator[tuple[str, int]]:
        """Yield (id, seconds) of the commits since a base that changed a file."""
        words = [tip, f"^{base}"] if base else [tip]
        told = self.git.line("rev-list", "--timestamp", *words, "--", path)
        for line in told.splitlines():
            seconds, ident = line.split()
            yield ident, int(seconds)

    def time(self, commit: str) -> int:
        """Return the time of a commit in seconds."""
        return int(self.git.line("rev-list", "--timestamp", "-1", commit).split()[0])

    def heads(self, remote: Remote) -> RemoteHeads:
        """Return the branches of a remote. Raises FlashcardsError."""
        told = self._ask(remote, ("ls-remote", "--symref")).decode("utf-8", "replace")
        default = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", told, re.MULTILINE)
        found = re.findall(r"^([0-9a-f]+)\trefs/heads/(\S+)$", told, re.MULTILINE)
        return RemoteHeads({name: ident for ident, name in found}, default[1] if default else "")

    def fetch(self, remote: Remote, branch: str) -> None:
        """Fetch a remote's branch. Raises FlashcardsError."""
        how = "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance"
        self._ask(remote, ("fetch", "-q", *how), f"+refs/heads/{branch}:{TRACKING}{branch}")

    def _ask(self, remote: Remote, command: Iterable[str], *what: str) -> bytes:
        """Run a command that reads from a remote; return its output. Raises FlashcardsError."""
        program = f"--upload-pack={remote.program('upload-pack')}"
        done = self.git.attempt(*command, program, "--", remote.url, *what)
        if done.returncode:
            raise unreached_error(remote, done.stderr)
        return done.stdout

    def push(self, remote: Remote, branch: str, commit: str) -> bool:
        """Push a commit; False if another came first. Raises FlashcardsError."""
        done = self.git.attempt(
            "push", "--porcelain", "--no-verify", "--no-recurse-submodules", "--no-signed",
            f"--receive-pack={remote.program('receive-pack')}", "--", remote.url,
            f"{commit}:refs/heads/{branch}",
        )  # fmt: skip
        if not done.returncode:
            self.git.run("update-ref", f"{TRACKING}{branch}", commit)
            return True
        told = done.stdout.decode("utf-8", "replace")
        if "[rejected]" in told or "cannot lock ref" in told or "failed to update ref" in told:
            return False
        refused = next((line[1:].strip() for line in told.splitlines() if line[:1] == "!"), "")
        if refused:
            raise GitError(
                f"{remote.url} did not take it: {complaint(done.stderr)}; {refused.split()[-1]}. "
                "Nothing was changed here or there."
            )
        raise unreached_error(remote, done.stderr)

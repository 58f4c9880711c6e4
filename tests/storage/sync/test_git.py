"""git is run with fixed words, and nothing that a repository holds makes it run a program."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from factories import DECK
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.sync import tree_merge
from flashcards.storage.sync.git import Git, new_enough, parse_remote
from flashcards.storage.sync.repository import Repository
from machines import Machine, bare, git, sync_all

Read = Callable[[Repository, Iterable[str]], dict[str, bytes]]


@pytest.mark.parametrize(
    ("text", "url", "local"),
    [
        ("https://example.org/me/cards.git", "https://example.org/me/cards.git", False),
        ("ssh://me@example.org/cards.git", "ssh://me@example.org/cards.git", False),
        ("me@example.org:cards.git", "me@example.org:cards.git", False),
        ("file:///srv/cards.git", "file:///srv/cards.git", True),
        ("/srv/cards.git", "/srv/cards.git", True),
        ("../cards.git", "/home/cards.git", True),
    ],
)
def test_what_a_remote_may_be(text: str, url: str, *, local: bool) -> None:
    """Addresses of https and ssh, HOST:PATH, and folders; a path counts from where one is."""
    remote = parse_remote(text, Path("/home/me"))
    assert (remote.url, remote.local) == (url, local)


@pytest.mark.parametrize(
    "text",
    [
        "ext::sh -c touch% /tmp/x", "git://example.org/x", "http://example.org/x", "fd::1",
        "--upload-pack=touch", "https://-oProxyCommand=x/y", "ssh://a b/c", "a\x1bb",
    ],
)  # fmt: skip
def test_what_a_remote_may_not_be(text: str) -> None:
    """Whatever runs a program, is an option, or goes over the net unprotected."""
    with pytest.raises(UsageError, match="https://"):
        parse_remote(text, Path("/home/me"))


@pytest.mark.parametrize(
    ("told", "enough"),
    [
        ("git version 2.29.3", False), ("git version 2.30.0", True), ("git version 1.9", False),
        ("git version 2.39.5 (Apple Git-154)", True), ("git version 3.0.0", True), ("what?", False),
    ],
)  # fmt: skip
def test_an_old_git_is_told_from_a_new_one(told: str, *, enough: bool) -> None:
    """From 2.30 on it has all that is used here."""
    assert new_enough(told) == enough


def test_a_git_that_is_missing_or_old_is_told(tmp_path: Path) -> None:
    """Only absolute folders of PATH count; the message says which version is needed."""
    with pytest.raises(FlashcardsError, match="there is none"):
        Git(tmp_path, tmp_path / ".git", {"PATH": "bin:."})
    (tmp_path / "git").write_text("#!/bin/sh\necho git version 2.20.1\n")
    (tmp_path / "git").chmod(0o755)
    with pytest.raises(FlashcardsError, match=r"git 2\.30 or later; .* is git version 2\.20\.1"):
        Git(tmp_path, tmp_path / ".git", {"PATH": str(tmp_path)})


def program(path: Path, trace: Path) -> Path:
    """Put a program where git may look for one; it leaves a trace when it is run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho $0 >> {trace}\ncat\nexit 0\n")
    path.chmod(stat.S_IRWXU)
    return path


HOOKS = (
    "pre-receive", "update", "post-receive", "post-update", "reference-transaction", "pre-push",
    "pre-commit", "post-commit", "post-merge", "post-checkout", "post-index-change", "pre-auto-gc",
    "proc-receive", "push-to-checkout", "fsmonitor-watchman", "commit-msg", "prepare-commit-msg",
)  # fmt: skip


def test_no_hook_filter_or_setting_of_a_repository_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither here nor in a remote that is a folder, whatever its attributes and settings say."""
    trace = tmp_path / "ran"
    one, other = (Machine(tmp_path / name, bare(tmp_path)) for name in ("one", "other"))
    one.put({"decks/a.yaml": DECK.encode()})
    one.sync()
    run = program(tmp_path / "program", trace)
    for folder in (one.git.folder, Path(one.remote)):
        for name in HOOKS:
            program(folder / "hooks" / name, trace)
        for key in (
            "core.fsmonitor",
            "core.pager",
            "core.editor",
            "diff.external",
            "filter.evil.clean",
            "filter.evil.smudge",
            "merge.evil.driver",
            "uploadpack.packObjectsHook",
            "core.alternateRefsCommand",
            "gpg.program",
            "core.sshCommand",
            "core.gitProxy",
            "gc.recentObjectsHook",
            "alias.upload-pack",
        ):
            git(folder, "config", key, str(run))
        git(folder, "config", "commit.gpgSign", "true")
        git(folder, "config", "gc.auto", "1")
        (folder / "objects" / "info").mkdir(exist_ok=True)
        (folder / "objects" / "info" / "alternates").write_text(f"{tmp_path}\n")
    attributes = b"* filter=evil diff=evil merge=evil\n"
    (one.paths.data_dir / ".gitattributes").write_bytes(attributes)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(run))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor={run}'")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    for text in ("hound", "doggy"):
        one.put({"decks/a.yaml": DECK.replace("the dog", text).encode()})
        other.put({"decks/a.yaml": DECK.replace("the cat", text).encode()})
        sync_all([one, other])
    assert not trace.exists()
    assert one.decks() == other.decks()


Entries = dict[str, tuple[str, bytes]]
LINK, FILE, SUBMODULE = "120000", "100644", "160000"


def tree(repository: Path, entries: dict[str, tuple[str, str]]) -> str:
    """Write a tree of (mode, id) by path, whatever the paths are; return its id."""
    lines, folders = [], dict[str, dict[str, tuple[str, str]]]()
    for path, (mode, ident) in entries.items():
        top, _, rest = path.partition("/")
        if rest:
            folders.setdefault(top, {})[rest] = (mode, ident)
        else:
            lines.append(f"{mode} {'commit' if mode == SUBMODULE else 'blob'} {ident}\t{path}\0")
    lines += [f"040000 tree {tree(repository, below)}\t{name}\0" for name, below in folders.items()]
    return git(repository, "mktree", "-z", "--missing", data="".join(lines)).strip()


def hostile(machine: Machine, entries: Entries) -> None:
    """Commit any paths and modes in a machine's remote, as only an attacker would."""
    remote, found = Path(machine.remote), dict[str, tuple[str, str]]()
    for line in git(remote, "ls-tree", "-r", "-z", "main").split("\0")[:-1]:
        about, path = line.split("\t")
        found[path] = (about.split()[0], about.split()[2])
    for path, (mode, data) in entries.items():
        (remote / "blob").write_bytes(data)
        ident = git(remote, "-c", "core.bigFileThreshold=1m", "hash-object", "-w", "blob").strip()
        found[path] = (mode, "1" * 40 if mode == SUBMODULE else ident)
        found = {other: entry for other, entry in found.items() if not other.startswith(f"{path}/")}
    made = tree(remote, found)
    commit = git(remote, "commit-tree", "-p", "main", "-m", "evil", made).strip()
    git(remote, "update-ref", "refs/heads/main", commit)


NOT_TAKEN = "link, a submodule, or a file where a folder belongs"
LONG = "a" * 300


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"..": (FILE, b"evil")}, "is there is damaged or harmful"),
        ({".git": (FILE, b"gitdir: /tmp\n")}, "is there is damaged or harmful"),
        ({"media/.git/hooks/post-merge": ("100755", b"x")}, "is there is damaged or harmful"),
        ({"sub": (SUBMODULE, b""), ".gitattributes": (FILE, b"* filter=evil\n")}, ""),
        ({"config.toml": ("100755", b"evil"), ".bashrc": (FILE, b"evil")}, ""),
        ({f"media/{LONG}.png": (FILE, b"x"), "decks/a\nb.yaml": (FILE, b"x")}, ""),
        ({"decks/.hidden/a.yaml": (FILE, b"no deck")}, ""),
        ({"format.json": (LINK, b"/etc/passwd")}, ""),
        ({"format.json": (FILE, b'{"format": ' + b"9" * 5000 + b"}")}, "newer version"),
        ({"media": (LINK, b"/tmp")}, NOT_TAKEN),
        ({"media/a.png": (LINK, b"/etc/passwd")}, NOT_TAKEN),
        ({"journal/evil.jsonl": (LINK, b"/etc/passwd")}, NOT_TAKEN),
        ({"journal/one.jsonl": (LINK, b"/etc/passwd")}, NOT_TAKEN),
        ({"decks/a.yaml": (LINK, b"/etc/passwd")}, NOT_TAKEN),
        ({"decks/sub": (SUBMODULE, b""), ".gitmodules": (FILE, b"")}, NOT_TAKEN),
        ({"decks": (FILE, b"")}, NOT_TAKEN),
        ({"media/b.png/c.png": (FILE, b"x")}, "media/b.png is a file on one side and a folder"),
    ],
)  # fmt: skip
def test_a_hostile_commit_writes_nothing_but_a_librarys_files(
    tmp_path: Path, entries: Entries, told: str
) -> None:
    """Links, paths with dots and submodules stop the sync; what is no library's stays in git."""
    one, other = (Machine(tmp_path / name, bare(tmp_path)) for name in ("one", "other"))
    one.put({"decks/a.yaml": DECK.encode(), "journal/one.jsonl": b"{}\n"})
    sync_all([one, other])
    hostile(one, entries)
    one.put({"decks/a.yaml": DECK.replace("the dog", "hound").encode(), "media/b.png": b"b"})
    before = {path for path in tmp_path.rglob("*") if ".git" not in path.parts}
    contents = [machine.files() for machine in (one, other)]
    for machine in (one, other):
        if not told:
            machine.sync()
        elif "media/b.png" not in told or machine is one:
            with pytest.raises(FlashcardsError, match=told):
                machine.sync()
    after = {path for path in tmp_path.rglob("*") if ".git" not in path.parts}
    new = {path.relative_to(tmp_path) for path in after - before if "remote.git" not in path.parts}
    if told:
        assert contents[0] == one.files()
    else:
        assert one.files() == {**other.files(), "journal/one.jsonl": b"{}\n"}
        assert {str(path) for path in new} <= {"other/data/media", "other/data/media/b.png"}


@pytest.mark.parametrize(
    ("path", "megabytes", "told"),
    [
        ("big.bin", 2, ""),
        ("decks/a.yaml", 2, "too large to sync"),
        ("format.json", 2, "too large to sync"),
        pytest.param("big.bin", 1024, "", marks=pytest.mark.full),
        pytest.param("decks/a.yaml", 200, "too large to sync", marks=pytest.mark.full),
        pytest.param("format.json", 1024, "too large to sync", marks=pytest.mark.full),
        pytest.param("media/film.mp4", 1024, "too large to sync", marks=pytest.mark.full),
    ],
)
def test_a_very_large_file_is_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, megabytes: int, told: str
) -> None:
    """Zeros are small in a repository, and would fill the memory, or the disk."""
    if megabytes < 100:
        monkeypatch.setattr(tree_merge, "MAX_FILE_SIZE", 1 << 20)
    one = Machine(tmp_path / "one", bare(tmp_path))
    one.put({"decks/a.yaml": DECK.encode()})
    one.sync()
    hostile(one, {path: (FILE, bytes(megabytes << 20))})
    before = one.files()
    monkeypatch.setattr(Repository, "read", small_only(Repository.read))
    if told:
        with pytest.raises(FlashcardsError, match=told):
            one.sync()
    else:
        one.sync()
    assert one.files() == before


def small_only(read: Read) -> Read:
    """Return a way to read blobs that fails where one is larger than a megabyte."""

    def checked(self: Repository, ids: Iterable[str]) -> dict[str, bytes]:
        for ident in (wanted := list(ids)):
            assert int(self.git.line("cat-file", "-s", ident)) < 1 << 20
        return read(self, wanted)

    return checked

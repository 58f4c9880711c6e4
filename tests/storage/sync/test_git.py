"""git is run with fixed words, and nothing that a repository holds makes it run a program."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from factories import DECK
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.sync.git import Git, new_enough, parse_remote
from machines import Machine, bare, git, sync_all


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
        ):
            git(folder, "config", key, str(run))
        git(folder, "config", "commit.gpgSign", "true")
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


def hostile(folder: Path, machine: Machine, entries: dict[str, tuple[str, bytes]]) -> None:
    """Push a commit with any paths and modes to a machine's remote, as only an attacker would."""
    work = folder / "hostile"
    git(folder, "clone", "-q", "-b", "main", machine.remote, "hostile")
    tree = git(work, "ls-tree", "HEAD")
    for path, (mode, data) in entries.items():
        (work / "blob").write_bytes(data)
        ident = git(work, "hash-object", "-w", "blob").strip() if mode != "160000" else "1" * 40
        kind = "commit" if mode == "160000" else "blob"
        tree += f"{mode} {kind} {ident}\t{path}\n"
    made = git(work, "mktree", "--missing", data=tree).strip()
    commit = git(work, "commit-tree", "-p", "HEAD", "-m", "evil", made).strip()
    git(work, "push", "-q", "origin", f"{commit}:refs/heads/main")


@pytest.mark.parametrize(
    "entries",
    [
        {"media": ("120000", b"/tmp"), ".gitmodules": ("100644", b'[submodule "x"]\n\tpath = x\n')},
        {"..": ("100644", b"evil")},
        {".git": ("100644", b"gitdir: /tmp\n")},
        {"sub": ("160000", b"x"), ".gitattributes": ("100644", b"* filter=evil\n")},
        {"config.toml": ("100755", b"evil"), ".bashrc": ("100644", b"evil")},
    ],
    ids=["links", "dots", "git folder", "submodule", "other files"],
)
def test_a_hostile_commit_writes_nothing_but_a_librarys_files(
    tmp_path: Path, entries: dict[str, tuple[str, bytes]]
) -> None:
    """Links, paths with dots and submodules stay in the repository, or stop the sync."""
    one, other = (Machine(tmp_path / name, bare(tmp_path)) for name in ("one", "other"))
    one.put({"decks/a.yaml": DECK.encode()})
    sync_all([one, other])
    before = {path for path in tmp_path.rglob("*") if ".git" not in str(path)}
    hostile(tmp_path, one, entries)
    one.put({"decks/a.yaml": DECK.replace("the dog", "hound").encode()})
    for machine in (one, other):
        try:
            machine.sync()
        except FlashcardsError as error:
            assert "could not be reached" in str(error)  # git refuses such a commit  # noqa: PT017
    after = {path for path in tmp_path.rglob("*") if ".git" not in str(path)}
    new = {path for path in after - before if tmp_path / "hostile" not in (path, *path.parents)}
    assert not new

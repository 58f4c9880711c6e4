"""Run git with fixed arguments, so that no remote or repository can run programs."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from flashcards.errors import FlashcardsError, UsageError

LEAST_VERSION = (2, 30)
OFF = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.alternateRefsCommand=true",
    "diff.external=",
    "submodule.recurse=false",
    "commit.gpgSign=false",
    "push.gpgSign=false",
    "gc.autoDetach=false",
    "maintenance.auto=false",
    "fetch.fsckObjects=true",
    "core.quotePath=false",
)
"""Settings that override the user's and the repository's configuration."""
OWN_SETTINGS = re.compile(
    r"GIT_(SSH(_COMMAND|_VARIANT)?|ASKPASS|TERMINAL_PROMPT|SSL_\w+|PROXY_\w+|HTTP_\w+"
    r"|(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE))"
)
"""The only GIT_* variables that are passed on: access to remotes, and the user's name."""
ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "https:ssh:file",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
LOCAL_PROGRAM = (
    "git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.alternateRefsCommand=true "
    "-c receive.denyCurrentBranch=refuse -c receive.autogc=false {}"
)
"""Serves a repository on this machine, whose own hooks and settings would run here."""
ADDRESS = re.compile(r"(?P<kind>https|ssh|file)://[^\s-]\S*")
HOST_AND_PATH = re.compile(r"[\w.@+][\w.@+-]*:(?!:)\S+")
UNREACHED = (
    ("Permission denied (publickey", "The key was refused: check the one that ssh uses for it."),
    ("Authentication failed", "The name or the password was refused."),
    ("Could not resolve host", "Is this machine online?"),
    ("does not appear to be a git repository", "Check the address; git init --bare makes one."),
    ("not found", "Check the address."),
    ("fsck error", "What is there is damaged or harmful; whoever sent it has to remove it."),
)
"""Errors of git with remotes, and their remedies."""
IDLE_TALK = ("hint:", "Please make sure", "and the repository exists", "Could not read from")
"""Lines of git's that are not the reason."""


class GitError(FlashcardsError):
    """A git command failed; the message has its output."""


class Remote(NamedTuple):
    """The repository that machines sync with."""

    url: str
    local: bool  # whether it is a folder of this machine

    def program(self, name: str) -> str:
        """Return the program to run at the remote."""
        return LOCAL_PROGRAM.format(name) if self.local else f"git-{name}"


def parse_remote(text: str, folder: Path) -> Remote:
    """Return the remote of a text; paths are relative to `folder`. Raises UsageError."""
    path = Path(text).expanduser()
    if match := ADDRESS.fullmatch(text):
        return Remote(text, match["kind"] == "file")
    if "::" in text or "://" in text or text.startswith("-") or not text.isprintable():
        raise UsageError(
            f"{text!r} is not a remote that flashcards uses. "
            "Write an https:// or ssh:// address, HOST:PATH, or the path of a folder."
        )
    if HOST_AND_PATH.fullmatch(text) and not (folder / path).exists():
        return Remote(text, local=False)
    return Remote(str(Path(os.path.normpath(folder / path))), local=True)


class Git:
    """Runs git in one repository."""

    def __init__(self, work: Path, folder: Path, environ: Mapping[str, str] = os.environ) -> None:
        self.folder = folder
        self._work = work
        self._program = _program(environ)
        self._environ = {
            name: said
            for name, said in environ.items()
            if not name.startswith("GIT_") or OWN_SETTINGS.fullmatch(name)
        } | ENVIRONMENT

    def attempt(
        self, *words: str, data: bytes = b"", more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git and return its exit status and output."""
        settings = [word for setting in OFF for word in ("-c", setting)]
        if self.folder.exists():
            place = [f"--git-dir={self.folder}", f"--work-tree={self._work}"]
        else:  # only questions to a remote
            place = ["-C", "/"]
        return subprocess.run(  # noqa: S603 (an absolute path and our own words)
            [self._program, *settings, *place, *words],
            input=data,
            capture_output=True,
            check=False,
            env={**self._environ, **(more or {})},
        )

    def run(self, *words: str, data: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
        """Run git and return its output. Raises GitError."""
        done = self.attempt(*words, data=data, more=more)
        if done.returncode:
            raise GitError(f"git {words[0]} failed: {complaint(done.stderr)}")
        return done.stdout

    def line(self, *words: str) -> str:
        """Run git and return its one line of output; "" if it failed."""
        done = self.attempt(*words)
        return "" if done.returncode else done.stdout.decode("utf-8", "replace").strip()


def complaint(stderr: bytes) -> str:
    """Return the error message of git or the remote, on one line."""
    lines = [line.strip().removeprefix("fatal: ") for line in stderr.decode("utf-8", "replace").splitlines()]
    told = [line.rstrip(".") for line in lines if line and not line.startswith(IDLE_TALK)]
    return "; ".join(told[:3]) or "it did not say why"


def _program(environ: Mapping[str, str]) -> str:
    """Return the absolute path of a recent enough git. Raises FlashcardsError."""
    folders = [folder for folder in environ.get("PATH", "").split(":") if folder.startswith("/")]
    program = shutil.which("git", path=":".join(folders))
    least = ".".join(map(str, LEAST_VERSION))
    if program is None:
        raise FlashcardsError(
            f"sync needs git, version {least} or later, and there is none. "
            "Install it (apt install git, brew install git) and try again."
        )
    told = subprocess.run(  # noqa: S603 (an absolute path and a fixed word)
        [program, "--version"], capture_output=True, check=False
    ).stdout.decode("utf-8", "replace")
    if not new_enough(told):
        found = told.strip() or "of no known version"
        raise FlashcardsError(f"sync needs git {least} or later; {program} is {found}.")
    return program


def new_enough(told: str) -> bool:
    """Tell whether the output of `git --version` is a recent enough version."""
    found = re.search(r"(\d+)\.(\d+)", told)
    return found is not None and (int(found[1]), int(found[2])) >= LEAST_VERSION


def unreached_error(remote: Remote, stderr: bytes) -> GitError:
    """Return the error of a remote that git could not reach, with the remedy."""
    told = complaint(stderr)
    hint = next((hint for sign, hint in UNREACHED if sign in told), "Is it there, and are you online?")
    return GitError(f"{remote.url} could not be reached: {told}. {hint} Nothing was changed.")

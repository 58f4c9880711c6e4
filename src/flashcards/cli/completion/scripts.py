"""Completion scripts for bash, zsh and fish, and their installation.

None evaluates an answer: bash gets quoted text, zsh and fish quote it themselves.
"""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

import shellingham

from flashcards.app.command_context import CommandContext
from flashcards.cli.unparsed_words import SHOW
from flashcards.errors import UsageError

BASH = r"""
_flashcards() {
    local offer
    COMPREPLY=()
    while IFS= read -r offer; do
        COMPREPLY+=("$offer")
    done < <(_FLASHCARDS_COMPLETE=bash _FLASHCARDS_LINE="${COMP_LINE:0:COMP_POINT}" \
        _FLASHCARDS_PART="$2" command flashcards 2>/dev/null)
}
complete -o default -F _flashcards flashcards
"""
ZSH = r"""
#compdef flashcards
_flashcards() {
    local value told line="${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX"
    local -a values shown
    while IFS=$'\t' read -r value told; do
        values+=("$value")
        shown+=("$value${told:+  -- $told}")
    done < <(_FLASHCARDS_COMPLETE=zsh _FLASHCARDS_LINE="$line" command flashcards 2>/dev/null)
    if (( $#values )); then
        compadd -V flashcards -l -d shown -a -- values
    else
        _files
    fi
}
if [[ $funcstack[1] == _flashcards ]]; then
    _flashcards "$@"
else
    compdef _flashcards flashcards
fi
"""
FISH = r"""
function __flashcards_offers
    set -l line (commandline --current-process --cut-at-cursor | string collect)
    set -l found (env _FLASHCARDS_COMPLETE=fish _FLASHCARDS_LINE="$line" flashcards 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path (commandline --current-token --cut-at-cursor)
    end
end
complete --command flashcards --no-files --arguments '(__flashcards_offers)'
"""
SCRIPTS = {"bash": BASH.strip(), "zsh": ZSH.strip(), "fish": FISH.strip()}
LOAD_ZSH = "fpath+=~/.zfunc; autoload -Uz compinit; compinit"


def show_or_install(words: Sequence[str], context: CommandContext) -> None:
    """Print a shell's script, or install it."""
    option, _, named = words[0].partition("=")
    shell = _shell([named, *words[1:]] if named else words[1:], option)
    if option == SHOW:
        context.print(SCRIPTS[shell])
        return
    place = _install(shell)
    context.print(f"{shell} completes flashcards from its next start on.  {place}")


def _shell(named: Sequence[str], option: str) -> str:
    shell = named[0] if named else _shell_around()
    if len(named) > 1 or shell not in SCRIPTS:
        what = " ".join(named) or shell or "this shell"
        raise UsageError(f"There is no completion for {what}. Write {option} bash, zsh or fish.")
    return shell


def _shell_around() -> str:
    try:
        return str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        return ""


def _install(shell: str) -> Path:
    """Install a shell's script, keeping the user's own configuration."""
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    place = {
        "bash": home / ".bash_completions" / "flashcards.sh",
        "zsh": home / ".zfunc" / "_flashcards",
        "fish": config / "fish" / "completions" / "flashcards.fish",
    }[shell]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(SCRIPTS[shell] + "\n", encoding="utf-8")
    if shell == "bash":
        _append_line(home / ".bashrc", f"source {shlex.quote(str(place))}", f"source '{place}'")
    elif shell == "zsh":
        _append_line(Path(os.environ.get("ZDOTDIR") or home) / ".zshrc", LOAD_ZSH, LOAD_ZSH)
    return place


def _append_line(file: Path, line: str, earlier: str) -> None:
    """Append a line to a file unless it has it in either form."""
    content = file.read_bytes() if file.exists() else b""
    if os.fsencode(line) not in content and os.fsencode(earlier) not in content:
        with file.open("ab") as end:
            end.write(b"\n" * (not content.endswith(b"\n")) + os.fsencode(line) + b"\n")

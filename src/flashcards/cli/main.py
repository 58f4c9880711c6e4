"""Run a command, turning errors into exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from flashcards import __version__
from flashcards.app.terminal_width import has_screen, terminal_width
from flashcards.cli.fast_due_and_today import answer_quickly
from flashcards.cli.unparsed_words import extract_option, has_no_options, is_today_command
from flashcards.errors import FlashcardsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.app.command_context import CommandContext

COMPLETION_VARIABLE = "_FLASHCARDS_COMPLETE"  # the environment variable by which a shell asks for completions
EXIT_DISK_ERROR = 1
EXIT_INTERRUPTED = 130


def run_command_line(arguments: Sequence[str]) -> int:
    """Run a command line; return its exit code."""
    # Only a bug in the program raises.
    try:
        words, data_dir = extract_option(arguments)
        if COMPLETION_VARIABLE in os.environ:
            from flashcards.cli.completion.shell_reply import answer

            return answer(os.environ[COMPLETION_VARIABLE])
        if words[:1] in (["-h"], ["--help"], ["-V"], ["--version"]):
            return _print_help(is_version=words[0] in ("-V", "--version"))
        code = show_home(data_dir) if not words and has_screen() else answer_quickly(words, data_dir)
        return run_command(words, data_dir) if code is None else code
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return 0  # the reader of the pipe has quit
    except (OSError, ImportError) as error:  # also if a file of the program is unreadable
        filename = getattr(error, "filename", "")
        where = f"{filename}: " if filename else ""
        reason = getattr(error, "strerror", "") or error
        print_error(f"{where}{reason}. Stopped. Fix that and try again.")
        return EXIT_DISK_ERROR
    finally:
        _flush_output()


def show_home(data_dir: str | None) -> int:
    """Show the home, and run what its keys choose."""
    from flashcards.cli.home import run_home

    try:
        return run_home(data_dir, run_command)
    except FlashcardsError as error:
        print_error(str(error))
        return error.exit_code


def _print_help(*, is_version: bool) -> int:
    """Print the general help or the version, both in ASCII."""
    from flashcards.cli.program_help import program_help

    lines = (f"flashcards {__version__}",) if is_version else program_help(terminal_width())
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def run_command(words: Sequence[str], data_dir: str | None) -> int:
    """Run one command, again with a new index if that is damaged."""
    from flashcards.app.command_context import CommandContext

    context = CommandContext.from_process(data_dir)
    try:
        return context.retry_with_new_index(lambda: _run_command_once(words, context))
    except FlashcardsError as error:
        print_error(str(error))
        return error.exit_code


def _run_command_once(words: Sequence[str], context: CommandContext) -> int:
    if words[:1] == ["study"] and has_no_options(words[1:]):
        # Without options there is nothing to parse, so the first card is shown sooner.
        from flashcards.app.study.run import StudyOptions, run_study

        run_study(context, StudyOptions(tuple(words[1:])))
        return 0
    if is_today_command(words):
        from flashcards.cli.commands import today

        today.command(context, as_json="--json" in words)
        return 0
    if words and words[0].startswith(("--show-completion", "--install-completion")):
        from flashcards.cli.completion.scripts import show_or_install

        show_or_install(words, context)
        return 0
    from flashcards.cli.parser import parse_and_run

    return parse_and_run(words, context)


def _flush_output() -> None:
    """Flush standard output, or redirect it if that fails."""
    # Python would otherwise try again at exit, and print a traceback.
    try:
        sys.stdout.flush()
    except OSError:
        null_fd = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null_fd, sys.stdout.fileno())
        os.close(null_fd)


def print_error(message: str) -> None:
    """Print an error message to standard error."""
    from flashcards.terminal.text.sanitize import write_line

    is_plain = not sys.stderr.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    sys.stderr.write("flashcards: " if is_plain else "\x1b[31mflashcards:\x1b[0m ")
    write_line(sys.stderr, message)

"""Run `python -m flashcards`, the same as `flashcards`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    import gc

    gc.set_threshold(50_000)  # what is loaded at the start is no garbage: not to look saves 5 ms
    from flashcards.cli.main import run_command_line

    code = run_command_line(sys.argv[1:])
    gc.freeze()  # nor at the end: another 10 ms
    sys.exit(code)


if __name__ == "__main__":
    main()

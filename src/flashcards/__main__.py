"""Run `python -m flashcards`, the same as `flashcards`."""

from __future__ import annotations

import gc
import sys

gc.set_threshold(50_000)  # what is loaded from here on is no garbage: not to look saves 5 ms

from flashcards.cli.main import run_command_line  # noqa: E402 (see above)


def main() -> None:
    """Run the command line and exit with its code."""
    code = run_command_line(sys.argv[1:])
    gc.freeze()  # nor at the end: another 10 ms
    sys.exit(code)


if __name__ == "__main__":
    main()

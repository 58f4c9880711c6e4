"""Run `python -m flashcards`, the same as `flashcards`."""

import gc
import os
import sys

gc.set_threshold(50_000)  # what is loaded from here on is no garbage: not to look saves 5 ms

from flashcards.cli.main import run_command_line  # noqa: E402 (see above)


def main() -> None:
    """Run the command line and exit with its code."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started us; no file of ours may get its number
            null_fd = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(null_fd, mode, encoding="utf-8", errors="replace"))
    code = run_command_line(sys.argv[1:])
    gc.freeze()  # nor at the end: another 10 ms
    sys.exit(code)


if __name__ == "__main__":
    main()

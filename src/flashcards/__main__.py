"""`python -m flashcards` is the same as `flashcards`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that was typed, and exit with its code."""
    from flashcards.cli import run  # noqa: PLC0415 (so that importing this module is free)

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

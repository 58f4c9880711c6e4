"""Split a Markdown list into its items."""

import re

LIST_ITEM_START = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s+\S")


def is_single_line(markdown: str) -> bool:
    """Tell whether a text is one line, and so has no blocks."""
    return "\n" not in markdown


def split_list(back: str) -> tuple[str, list[str]]:
    r"""Return the text before the first item of a Markdown list, and the items.

    Joined they are the whole text again.

    >>> split_list("Two:\n- one\n  more\n- two")
    ('Two:\n', ['- one\n  more\n', '- two'])
    """
    lead, items = "", list[str]()
    for line in back.splitlines(keepends=True):
        if LIST_ITEM_START.match(line):
            items.append(line)
        elif items:
            items[-1] += line
        else:
            lead += line
    return lead, items


def is_list(back: str) -> bool:
    """Tell whether a back has at least two list items."""
    return len(split_list(back)[1]) > 1

"""Decks for Obsidian: headings with text, tables, gaps; its ids are ids, and no text."""

from __future__ import annotations

import pytest

from flashcards.importers import decksmd
from flashcards.importers.import_formats import load_all_importers, recognise_format
from sources import left_out, notes, read, sides, text

PAGE = """---
tags: [decks/bio, other]
reverse: true
---
# Chapter

## What is a cell? #basics
The smallest unit.

### of life
%%dk:h:n8wvab%%

## Organs
| Front | Back | Notes |
|---|:-:|---|
| word %%dk:t:zz99%% | The ==heart== | beats |
| a \\| b | c |

## Eye
The ==lens== %%dk:c:ab1%%
```
## no heading
```

## Title only
"""


def test_a_page() -> None:
    """A heading asks with all below it, a row with its cells, a gap with what it stands in."""
    source = text(PAGE, "n.md")
    assert recognise_format(source, load_all_importers()) == "decksmd"
    imported = decksmd.read_source(source)
    assert sides(imported) == [
        ("What is a cell?", "The smallest unit.\n\n### of life"),
        ("word\n\nThe {{heart}}", ""),
        ("a \\| b", "c"),
        ("Eye\n\nThe {{lens}}\n```\n## no heading\n```", ""),
    ]
    assert [note.id for note in notes(imported)] == ["dk-h-n8wvab", "dk-t-zz99", "", "dk-c-ab1"]
    assert [note.remark for note in notes(imported)] == ["", "beats", "", ""]
    assert [note.reverse for note in notes(imported)] == [True, None, True, None]
    assert notes(imported)[0].tags == ("basics",)
    assert [remark for remark in imported.remarks if "begin as new" in remark]  # an id: it was answered there
    assert not read(decksmd, "#decks\n## Q\nA\n", "n.md").remarks


@pytest.mark.parametrize("tag", ["---\ntags:\n  - x\n  - decks\n---\n", "#decks\n", "Some #decks/a text\n"])
def test_the_tag_stands_anywhere(tag: str) -> None:
    """In the front matter or in the text; without headings of the second level others ask."""
    source = text(f"{tag}\n# Q\nA ==gap==\n# R\n%%dk:h:x%%\n", "n.md")
    assert recognise_format(source, load_all_importers()) == "decksmd"
    imported = read(decksmd, source.data.decode(), "n.md")
    assert sides(imported) == [("Q\n\nA {{gap}}", "")]
    assert [why for _, why in left_out(imported)] == ["its answer is empty"]

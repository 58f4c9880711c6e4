"""Files beside a source come along with its cards, under one plain name each, and nothing else does."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from anki_collections import library
from programs import run


def imported(home: Path, *words: str) -> tuple[dict[str, str], dict[str, str], str]:
    """Import, and return the back of each card by its front, what the media folder has, and the report."""
    done = run(home, "import", *words)
    cards = json.loads(run(home, "cards", "--json").stdout)
    media = home / "data" / "media"
    files = {path.name: path.read_text() for path in media.iterdir()} if media.is_dir() else {}
    return {card["front"]: card["back"] for card in cards}, files, done.stdout + done.stderr


def test_a_vault_brings_its_files(tmp_path: Path) -> None:
    """By path, by bare name, from the root, and beside the pages; two files of one name do not collide."""
    vault = tmp_path / "vault"
    for name, content in {
        "n.md": "#flashcards\none::![](img/a.png) ![[b c.png|100]]\n",
        "sub/m.md": "#flashcards\ntwo::![](img/a.png)\n",
        "h.md": "Q: three\nA: ![](@/x.webp)\n",
        "pages/l.md": "- four #card\n\t- ![](../assets/y.png)\n",
        "img/a.png": "A", "sub/img/a.png": "other A", "deep/er/b c.png": "B",
        "x.webp": "X", "assets/y.png": "Y",
    }.items():  # fmt: skip
        path = vault / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    backs, files, report = imported(tmp_path, str(vault))
    other = next(name for name in files if name.startswith("a-"))
    assert backs == {
        "one": "![](media/a.png) ![](<media/b c.png>)",
        "two": f"![](media/{other})",
        "three": "![](media/x.webp)",
        "four": "![](media/y.png)",
    }
    assert files == {"a.png": "A", other: "other A", "b c.png": "B", "x.webp": "X", "y.png": "Y"}
    assert "unknown format" not in report
    assert imported(tmp_path, str(vault))[:2] == (backs, files)


def test_nothing_outside_of_the_folder_comes(tmp_path: Path) -> None:
    """Neither by a path that leads out nor by a link; what is missing is named, once."""
    (tmp_path / "secret.png").write_text("secret")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "link.png").symlink_to(tmp_path / "secret.png")
    (notes / "n.md").write_text("Q: a\nA: ![](../secret.png) ![](link.png) ![](gone.png) [page](n.md)\n")
    backs, files, report = imported(tmp_path, str(notes / "n.md"))
    assert files == {}
    links = " ".join(f"![](media/{name}.png)" for name in ("secret", "link", "gone"))
    assert backs == {"a": f"{links} [page](n.md)"}
    assert "Missing media files; copy them to your media folder: secret.png, link.png, gone.png." in report


def test_a_deck_file_of_ours_brings_its_files(tmp_path: Path) -> None:
    """A library's folder comes with its media folder, and the text of the deck stays as it is."""
    library = tmp_path / "library"
    (library / "decks").mkdir(parents=True)
    (library / "media").mkdir()
    (library / "media" / "a.png").write_text("A")
    content = "deck: One\ncards:\n  # a comment\n  - {front: x, back: '![](media/a.png)'}\n"
    (library / "decks" / "one.yaml").write_text(content)
    assert imported(tmp_path, str(library))[1] == {"a.png": "A"}
    assert (tmp_path / "data" / "decks" / "one.yaml").read_text() == content


def test_a_vault_says_its_own_signs(tmp_path: Path) -> None:
    """The plug-in's settings name what parts front and back, and the tag of its notes."""
    vault = tmp_path / "vault"
    settings = vault / ".obsidian" / "plugins" / "obsidian-spaced-repetition" / "data.json"
    settings.parent.mkdir(parents=True)
    signs = {
        "singleLineCardSeparator": ";;",
        "singleLineReversedCardSeparator": ";;;",
        "multilineCardSeparator": "+",
        "multilineReversedCardSeparator": "++",
        "flashcardTags": ["#learn"],
    }
    settings.write_text(json.dumps({"settings": signs}))
    (vault / "n.md").write_text("#learn/geo\none;;1\n\ntwo ;;; 2\n\nthree\n+\n3\n")
    backs, _, report = imported(tmp_path, str(vault / "n.md"))
    assert backs == {"one": "1", "two": "2", "2": "two", "three": "3"}
    assert "geo" in report


@pytest.mark.parametrize("legacy", [False, True])
def test_an_unpacked_package_brings_its_media(tmp_path: Path, *, legacy: bool) -> None:
    """The folder of one, of either generation: the newest collection counts, and nothing is junk."""
    own = library(tmp_path / "anki")
    picture = tmp_path / "a.png"
    picture.write_text("A")
    own.add("Basic", "D", Front="front", Back=f'<img src="{own.col.media.add_file(str(picture))}">')
    with zipfile.ZipFile(own.package("x.apkg", legacy=legacy)) as archive:
        archive.extractall(tmp_path / "unpacked")
    backs, files, report = imported(tmp_path / "home", str(tmp_path / "unpacked"))
    assert (backs, files) == ({"front": "![](media/a.png)"}, {"a.png": "A"})
    assert "skipped" not in report


def test_a_collection_brings_the_media_beside_it(tmp_path: Path) -> None:
    """As in the folder of a profile."""
    own = library(tmp_path / "anki")
    own.add("Basic", "D", Front="front", Back='<img src="a.png">')
    own.col.close()
    media = tmp_path / "anki" / "collection.media"
    media.mkdir(exist_ok=True)
    (media / "a.png").write_text("A")
    assert imported(tmp_path / "home", str(tmp_path / "anki"))[:2] == (
        {"front": "![](media/a.png)"},
        {"a.png": "A"},
    )

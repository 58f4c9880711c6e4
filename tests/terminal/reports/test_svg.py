"""The picture in the README is what the program draws, and any card can have one."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

from factories import Clock, open_store, put_deck, rate
from flashcards.cli.commands.picture import study_view
from flashcards.core.cards import CardId
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.reports.svg import render_svg
from programs import run

ROOT = Path(__file__).parents[3]
PICTURE = ROOT / "tests" / "terminal" / "study" / "snapshots" / "study.svg"
SHOWN = "parallelization"
BEGUN = datetime(2025, 12, 29, 9, tzinfo=UTC)


def test_the_readme_shows_the_real_screen(tmp_path: Path) -> None:
    """A week into the bundled deck, eight cards answered: the screen as it is now.

    FLASHCARDS_SNAPSHOTS=write takes the present one: look at it before committing it.
    """
    clock = Clock(BEGUN)
    put_deck(tmp_path, (ROOT / "decks" / "transformers-rag-lora.yaml").read_text(encoding="utf-8"))
    store = open_store(tmp_path, clock)
    cards = [
        entry.card.id for entry in queries_cards.select_card_states(store.index.connection, "1 LIMIT 20", {})
    ]
    others = [name for name in cards if name != SHOWN][:14]
    for day, names in ((0, [SHOWN, *others]), (1, [SHOWN, *others]), (7, others[:8])):
        clock.at = BEGUN + timedelta(days=day)
        for name in names:
            rate(store, name, [4])
    store.refresh_index()
    entry = store.card_state(CardId(SHOWN))
    assert entry is not None
    drawn = render_svg(
        study_view(store, entry, ScreenSize(80, 24), shown=True).lines,
        80,
        "flashcards study",
    )
    store.close()
    if os.environ.get("FLASHCARDS_SNAPSHOTS") == "write":
        PICTURE.write_text(drawn, encoding="utf-8")
    assert drawn == PICTURE.read_text(encoding="utf-8")
    assert f"]({PICTURE.relative_to(ROOT)})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_picture_is_sound_and_asks_for_nothing(tmp_path: Path) -> None:
    """Well-formed, without scripts or anything from elsewhere, whatever the card says."""
    front = "'<script>alert(1)</script> & \"x\"'"
    put_deck(tmp_path, f"deck: <b>&\ncards:\n  - front: {front}\n    back: ']]>'\n")
    out = tmp_path / "card.svg"
    done = run(tmp_path, "picture", "script", "-o", str(out))
    assert done.returncode == 0, done.stderr
    drawn = out.read_text(encoding="utf-8")
    names = {element.tag.rpartition("}")[2] for element in ET.fromstring(drawn).iter()}  # noqa: S314
    assert names == {"svg", "title", "style", "rect", "text"}
    assert "url(" not in drawn
    assert "href" not in drawn
    assert "<script>" not in drawn


def test_a_picture_has_the_size_asked_for(tmp_path: Path) -> None:
    """Without -o it is written to the terminal; a size that is none is told."""
    put_deck(tmp_path)
    done = run(tmp_path, "picture", "dog", "--size", "40x15", "--question")
    assert 'viewBox="0 0 368 302"' in done.stdout
    assert "the dog" not in done.stdout
    wrong = run(tmp_path, "picture", "dog", "--size", "huge")
    assert wrong.returncode == 2
    assert "80x24" in wrong.stderr

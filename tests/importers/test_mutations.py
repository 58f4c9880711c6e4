"""Samples changed at random: every importer reads them or says why not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest

from flashcards.app.importing.validate_notes import drop_invalid, merge_decks
from flashcards.core.decks import Deck
from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportSource
from flashcards.importers.import_formats import load_all_importers, recognise_format
from flashcards.storage.decks.edit_deck_files import render_verified
from sources import SAMPLES

ALL = load_all_importers()
SEEDS = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.iterdir()) if path.is_file()]
SIGNS = [sign.encode("utf-8", "surrogatepass") for sign in (
    "\n", "\n\n", "\r", "\x00", "\ud800", "::", ":::", "?", "==", "**", "{{", "}}", "{{c1::", "[",
    "]", "[[", "![](", '"', "'", ",", "\t", ";", "---", "```", "~~~~", "<!--", "-->",
    "<!--SR:!2026-01-01,4,270", "Q:", "A:", "C:", "# ", "* ", "- ", ":PROPERTIES:", ":END:",
    ":drill:", ":SRSITEMS:", "$", "\\(", "<b>", "<!", "&lt;", "&#x", "#separator:", "#html:true\n",
    "_", "`", "\\", "|", "99999999999999999999", "-1", "1e308", "nan", "\u202e", "🧠", "#card",
    '{"flashcards":1,"decks":[', "{}", "+++", "| * |", "\xa0", "x",
)]  # fmt: skip


def mutations(rng: random.Random, many: int) -> Iterator[tuple[str, bytes]]:
    """Yield samples with pieces put in, taken out, doubled, exchanged and repeated."""
    for _ in range(many):
        name, data = rng.choice(SEEDS)
        for _ in range(rng.randint(1, 6)):
            place, end = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
            end = min(end, place + 200)
            other = rng.choice(SEEDS)[1]
            more = rng.choice(
                (
                    rng.choice(SIGNS),
                    data[place:end],
                    other[place : place + 300],
                    (rng.choice(SIGNS) + rng.choice(SIGNS)) * rng.choice((10, 100, 5_000)),
                )
            )
            data = data[:place] + more + data[rng.choice((place, end)) :]
        yield name, data


def bring_in(name: str, data: bytes, wanted: str | None) -> None:
    """Do what an import does with a source, up to the text of its deck files."""
    source = ImportSource(name, data)
    if (found := wanted or recognise_format(source, ALL)) is None:
        return
    for deck in merge_decks(ALL[found].read_source(source).decks):
        sound = drop_invalid(deck, name)
        notes = tuple(one.note for one in sound.notes.values())
        render_verified(Deck(sound.deck.name, notes, tags=sound.deck.tags), "decks/x.yaml")


@pytest.mark.parametrize("many", [500, pytest.param(40_000, marks=pytest.mark.full)], ids=["some", "many"])
def test_no_mutation_crashes_or_hangs(many: int) -> None:
    """As what it is recognised as, and as any other format; what hangs is ended by the limit of a test."""
    rng = random.Random(many)
    for name, data in mutations(rng, many):
        wanted = rng.choice((None, rng.choice(sorted(ALL))))
        with suppress(FlashcardsError):
            bring_in(name, data, wanted)

"""A collection under FSRS, studied in Anki itself: what SM-2 can hold of it comes in as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from anki_collections import library
from flashcards.core.cloze import cloze_cards
from flashcards.importers.anki import import_collection as anki
from flashcards.importers.base import ImportedNote, ImportResult, ImportSource

RATING = {1: 1, 2: 3, 3: 4, 4: 5}
"""Ours for Anki's Again, Hard, Good, Easy."""
Studied = tuple[ImportResult, Any]


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Studied:
    """Return what came in of a collection that was studied for some days, and Anki's own rows."""
    folder = tmp_path_factory.mktemp("fsrs")
    own = library(folder)
    own.col.set_config("fsrs", True)
    for number in range(8):
        own.add("Basic", "Words", Front=f"q{number}", Back=f"a{number}")
    own.add("Cloze", "Words", Text="{{c1::outer {{c2::inner}}}} end", Back_Extra="more")
    deck = own.col.decks.id("Words")
    config = own.col.decks.config_dict_for_deck_id(deck)
    config["new"]["delays"] = [1.0, 10.0]
    own.col.decks.update_config(config)
    own.col.decks.select(deck)
    for day in range(3):
        if day:  # everything is a day older now
            own.col.db.execute("update col set crt = crt - 86400 * 3")
            own.col.db.execute("update cards set due = due - 86400 * 3 where queue = 1")
            own.col.close()
            own = library(folder)
            own.col.decks.select(deck)
        for turn in range(10):
            if card := own.col.sched.getCard():
                card.start_timer()
                own.col.sched.answerCard(card, (4, 3, 4, 2, 1)[(turn + day) % 5])
    own.col.set_user_flag_for_cards(2, own.col.find_cards("Front:q0"))
    own.col.sched.suspend_cards(own.col.find_cards("Front:q1"))
    rows = own.col.db.all(
        "select n.sfld, c.ord, c.type, c.queue, c.due, c.ivl, c.lapses, c.id from cards c"
        " join notes n on n.id = c.nid"
    )
    answers = own.col.db.all("select cid, id, ease from revlog order by id")
    facts = {"rows": rows, "answers": answers, "today": own.col.sched.today}
    path = own.package("fsrs.apkg")
    own.col.close()
    return anki.read_source(ImportSource(str(path), path.read_bytes())), facts


def imported_by_front(imported: ImportResult) -> dict[str, ImportedNote]:
    return {one.note.front: one for deck in imported.decks for one in deck.notes}


def test_every_answer_comes(studied: Studied) -> None:
    """With its rating and its moment, of every card."""
    imported, facts = studied
    given: dict[int, list[tuple[int, int]]] = {}
    for card, at, ease in facts["answers"]:
        given.setdefault(card, []).append((at, RATING[ease]))
    assert sum(map(len, given.values())) >= 20
    notes = imported_by_front(imported)
    for front, ord_, *_, card in facts["rows"]:
        if front.startswith("q") and ord_ == 0:
            reviews = notes[front].histories[""].reviews
            came = [(int(r.answered_at.timestamp() * 1000), r.rating) for r in reviews]
            assert came == given.get(card, [])


def test_due_day_and_interval_are_ankis(studied: Studied) -> None:
    """Also where FSRS chose them; suspended cards stay so."""
    imported, facts = studied
    notes, checked = imported_by_front(imported), 0
    today = datetime.now(UTC).astimezone().date()
    for front, _, type_, queue, due, interval, *_ in facts["rows"]:
        if not front.startswith("q"):
            continue
        history = notes[front].histories.get("")
        if front == "q1":
            assert history is not None
            assert history.suspended
        if type_ == 2 and queue in (2, -1):
            assert history is not None
            assert history.schedule is not None
            assert history.schedule.interval == interval
            expected = today + timedelta(days=due - facts["today"])
            assert abs(history.schedule.due - expected) <= timedelta(days=1)
            checked += 1
    assert checked >= 3


def test_what_cannot_come_is_told(studied: Studied) -> None:
    """Stability and difficulty have no place in SM-2, nor have flags; each is counted once."""
    imported, _ = studied
    assert sum("FSRS" in remark for remark in imported.remarks) == 1
    assert any(remark.startswith("Coloured flags") for remark in imported.remarks)


def test_gaps_inside_of_gaps_are_cards_of_their_own(studied: Studied) -> None:
    """They stay one sentence, and each number is a card of it."""
    imported, _ = studied
    (sentence,) = [front for front in imported_by_front(imported) if "{{" in front]
    assert sentence == "{{c1::outer {{c2::inner}}}} end"
    assert [card.front for card in cloze_cards(sentence)] == ["[…] end", "outer […] end"]

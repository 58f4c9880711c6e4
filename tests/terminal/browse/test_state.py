"""The list and its cursor: where they are after each step."""

from __future__ import annotations

from datetime import date

import pytest

from flashcards.core.search_query import SearchContext
from flashcards.terminal.browse.browse_port import CardListing
from flashcards.terminal.browse.search_input import SearchLine
from flashcards.terminal.browse.state import BrowseState

TODAY = date(2026, 1, 5)


def listing(*keys: int) -> CardListing:
    return CardListing(keys, 100, SearchContext(TODAY))


@pytest.fixture
def state() -> BrowseState:
    """Return the state of a list of ten cards with the keys 1 to 10."""
    return BrowseState(SearchLine(TODAY), listing(*range(1, 11)))


def test_the_cursor_stays_in_the_list_and_on_the_screen(state: BrowseState) -> None:
    """Moved too far it is at an end; the rows follow it, and only as far as they must."""
    assert list(state.scroll(4)) == [1, 2, 3, 4]
    state.move(5)
    assert (state.key, list(state.scroll(4))) == (6, [3, 4, 5, 6])
    state.move(-1)
    assert list(state.scroll(4)) == [3, 4, 5, 6]
    state.move(1000)
    assert (state.key, list(state.scroll(4))) == (10, [7, 8, 9, 10])
    assert list(state.scroll(20)) == list(range(1, 11))
    state.move(-1000)
    assert (state.key, list(state.scroll(4))) == (1, [1, 2, 3, 4])


def test_a_new_list_keeps_the_card_or_else_the_place(state: BrowseState) -> None:
    """A card that is no longer there gives its place to the next, and no empty list has a cursor."""
    state.move(4)
    state.take_listing(listing(9, 5, 1), 5)
    assert state.key == 5
    state.take_listing(listing(9, 1), state.key)
    assert state.key == 1
    state.take_listing(listing(), state.key)
    assert (state.key, state.current, list(state.scroll(5))) == (0, None, [])


def test_cards_that_a_new_list_has_not_are_no_longer_selected(state: BrowseState) -> None:
    """What is not seen is not changed."""
    state.select()
    state.select()
    assert (state.selected, state.key) == ({1, 2}, 3)
    state.take_listing(listing(2, 3), state.key)
    assert state.selected == {2}
    state.select_all()
    assert state.selected == {2, 3}
    state.select_all()
    assert state.selected == set()


def test_a_column_sorts_up_then_down_then_up(state: BrowseState) -> None:
    """Another column begins upwards again, and none gives the order of the decks."""
    ways = []
    for column in ("due", "due", "due", "front", "front", "", ""):
        state.sort(column)
        ways.append((state.sort_column, state.descending))
    assert ways == [
        ("due", False), ("due", True), ("due", False), ("front", False), ("front", True), ("", False),
        ("", False),
    ]  # fmt: skip

"""Settings are read with care: whatever is wrong is told with its name, and nothing is guessed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flashcards.core.daily_limits import DailyLimits
from flashcards.errors import FlashcardsError
from flashcards.storage.settings.settings import DeckSettings, Settings, read_settings, read_settings_text
from flashcards.storage.settings.settings_editor import (
    set_setting,
    setting_line,
)


def read(tmp_path: Path, text: str | bytes) -> Settings:
    """Return the settings that a file of this text spells."""
    path = tmp_path / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings(path)


def test_without_a_file_all_is_as_usual(tmp_path: Path) -> None:
    """An empty file says no more than none."""
    assert read_settings(tmp_path / "none.toml") == Settings()
    assert read(tmp_path, "") == Settings()


def test_each_setting_is_taken(tmp_path: Path) -> None:
    """For all, for one deck, and for the keys."""
    found = read(
        tmp_path,
        'new_per_day = 7\nrollover = "3:30"\nsiblings_apart = false\ntheme = "mono"\n'
        '[keys]\nundo = ["z", "ctrl-u"]\nshow = "x"\n'
        '[deck.French]\norder = "random"\nrepeat_below = 0\n',
    )
    assert found.limits == DailyLimits(7, 200)
    assert found.rollover == timedelta(hours=3, minutes=30)
    assert (found.siblings_apart, found.theme) == (False, "mono")
    assert found.key_bindings == {"undo": ("z", "ctrl-u"), "show": ("x",)}
    assert found.deck_settings == {"French": DeckSettings(order="random", repeat_below=0)}


def test_a_deck_goes_by_its_own_settings_and_else_by_those_for_all() -> None:
    """Its threshold where it has one, also none at all; its order in a session on it alone."""
    settings = Settings(
        order="hardest",
        repeat_below=3,
        deck_settings={"A": DeckSettings(order="random", repeat_below=0), "B": DeckSettings()},
    )
    assert [settings.deck_repeat_below(deck) for deck in "ABC"] == [0, 3, 3]
    assert [settings.session_order(decks) for decks in (("A",), ("B",), ("A", "B"), ())] == [
        "random", "hardest", "hardest", "hardest",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"\xff", "this is not UTF-8 text"),
        ("new_per_day = ", "invalid TOML"),
        pytest.param("\nx = " + "[" * 100_000, r"config\.toml:2: nested too deeply", id="brackets"),
        pytest.param("\nx = " + "9" * 5_000, r"config\.toml:2: a number is too long", id="digits"),
        ("new_per_dya = 3", "Did you mean new_per_day"),
        ("zzz = 3", "Known: new_per_day, "),
        ("new_per_day = true", "a whole number"),
        ("new_per_day = -1", "a whole number"),
        ('rollover = "25:00"', "a time of day"),
        ("rollover = 4", "a time of day"),
        ("siblings_apart = 1", "true or false"),
        ("repeat_below = 5", "4, 3 or 0"),
        ("repeat_below = false", "4, 3 or 0"),
        ("deck = 3", r'settings below \[deck."NAME"\]'),
        ("deck.French = 3", r'settings below \[deck."NAME"\]'),
        ("[deck.French]\ntheme = 'dark'", r'\[deck."French"\] unknown setting'),
        ("keys = 3", r"put keys below \[keys\]"),
        ("[keys]\nundo = 3", "a key or a list of keys"),
        ("[keys]\nundo = 'q'", r"\[keys\]"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str | bytes, told: str) -> None:
    """With the file, what is wrong, and what it should be."""
    with pytest.raises(FlashcardsError, match=told) as found:
        read(tmp_path, text)
    assert str(tmp_path / "config.toml") in str(found.value)


def test_lines_are_found_where_they_stand() -> None:
    """In its own table only; a name that is not there is on no line."""
    text = 'order = "due"\n[deck."A b"]\norder = "random"\n[keys]\nundo = "z"\n'
    assert setting_line(text, "order") == 1
    assert setting_line(text, "order", "A b") == 3
    assert setting_line(text, "keys.undo") == 5
    assert setting_line(text, "undo") == setting_line(text, "order", "B") == 0


def test_settings_in_another_encoding_are_not_changed(tmp_path: Path) -> None:
    """What cannot be read cannot be written back."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"# caf\xe9\n")
    with pytest.raises(FlashcardsError, match="not UTF-8"):
        set_setting(path, "new_per_day", 3)
    assert path.read_bytes() == b"# caf\xe9\n"
    assert read_settings_text(tmp_path / "none") == ""


def test_the_last_setting_of_a_deck_takes_its_heading_along(tmp_path: Path) -> None:
    """Set and taken out again, for a deck, for all, and for a key: nothing is left over."""
    path = tmp_path / "config.toml"
    for name, value, deck in (("order", "random", "A"), ("keys.undo", "z", ""), ("leech", 3, "")):
        set_setting(path, name, value, deck).apply()
        assert setting_line(read_settings_text(path), name, deck)
        set_setting(path, name, None, deck).apply()
        assert read_settings_text(path).strip() == ""
        set_setting(path, name, None, deck)

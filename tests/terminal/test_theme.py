"""Colours: few, told apart on any background, and never the only sign of anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.text import Text

from flashcards.storage.settings.settings import THEMES
from flashcards.terminal import theme
from flashcards.terminal.device.screen import style_line

XTERM = {
    "red": (205, 0, 0), "green": (0, 205, 0), "yellow": (205, 205, 0), "blue": (0, 0, 238),
    "magenta": (205, 0, 205), "cyan": (0, 205, 205),
}  # fmt: skip
"""What xterm means by the colours that the palettes use."""
GROUND = {"dark": (0, 0, 0), "light": (255, 255, 255)}
USED = re.compile(r"theme\.([A-Z_]+)")


def brightness(colour: tuple[int, int, int]) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [part / 255 for part in colour]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(p * weight for p, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", GROUND)
def test_every_colour_can_be_read(palette: str) -> None:
    """Each stands out from its background by 4.5 to 1 or more; warnings of red by 3."""
    for role, style in theme.STYLES_BY_PALETTE[palette].items():
        for word in set(style.split()) & set(XTERM):
            least = 3 if word == "red" else 4.5
            assert contrast(XTERM[word], GROUND[palette]) >= least, (role, word)


def test_the_palettes_know_the_same_roles() -> None:
    """No role is missing anywhere, and each is made of words that a terminal knows."""
    roles = {name: set(palette) for name, palette in theme.STYLES_BY_PALETTE.items()}
    assert roles["dark"] == roles["light"] == roles["mono"]
    for palette in theme.STYLES_BY_PALETTE.values():
        assert {word for style in palette.values() for word in style.split()} <= set(theme.SGR_CODES)


def test_every_style_on_a_screen_is_a_role() -> None:
    """What the screens name, the palettes know."""
    terminal = Path(theme.__file__).parent
    named = {name for path in terminal.glob("*.py") for name in USED.findall(path.read_text())}
    for name in named - {"STYLES_BY_PALETTE", "SGR_CODES", "RATING_STYLES", "SHADES", "STATE_STYLES"}:
        for word in str(getattr(theme, name)).split():
            assert word in theme.STYLES_BY_PALETTE["dark"] or word in theme.SGR_CODES, name


@pytest.mark.parametrize("palette", GROUND)
def test_four_outcomes_of_a_rating_differ_in_colour(palette: str) -> None:
    """Forgot, hard, good and easy each look their own; 1 and 2 alike."""
    looks = [theme.sgr_codes(style, palette) for style in theme.RATING_STYLES]
    assert looks[0] == looks[1]
    assert len(set(looks)) == 4


def test_without_colour_there_is_none() -> None:
    """The palette `mono` uses weight and lines only, whatever a style asks for."""
    for role in theme.STYLES_BY_PALETTE["mono"]:
        assert not re.search(r"\b3\d", theme.sgr_codes(f"{role} red", "mono"))


def test_right_and_wrong_differ_by_more_than_colour() -> None:
    """What was wrong is underlined, in every palette."""
    for palette in theme.STYLES_BY_PALETTE:
        assert "underline" in theme.style_words(theme.BAD, palette)
        assert "underline" not in theme.style_words(theme.GOOD, palette)


@pytest.mark.parametrize(
    ("setting", "environment", "palette", "asks"),
    [
        ("auto", {"TERM": "xterm"}, "dark", True),
        ("auto", {"TERM": "linux"}, "dark", False),
        ("auto", {"TERM": "xterm", "COLORFGBG": "0;15"}, "light", False),
        ("auto", {"TERM": "xterm", "COLORFGBG": "15;default;0"}, "dark", False),
        ("auto", {"TERM": "xterm", "NO_COLOR": "1"}, "mono", False),
        ("light", {"TERM": "xterm", "NO_COLOR": "1"}, "mono", False),
        ("light", {"TERM": "xterm", "COLORFGBG": "15;0"}, "light", False),
        ("mono", {"TERM": "xterm"}, "mono", False),
    ],
)
def test_a_theme_is_chosen(setting: str, environment: Mapping[str, str], palette: str, *, asks: bool) -> None:
    """NO_COLOR first, then the setting, then what the terminal tells."""
    assert theme.choose_palette(setting, environment) == (palette, asks)


def test_the_setting_knows_the_themes() -> None:
    """What config.toml takes is what there is."""
    assert ("auto", *theme.STYLES_BY_PALETTE) == THEMES


def test_a_line_is_painted_piece_by_piece() -> None:
    """Styles that overlap add up; plain text has no sequences at all."""
    line = Text("abcd", theme.HEADING)
    line.stylize(theme.ACCENT, 1, 3)
    line.stylize("underline", 2, 4)
    assert style_line(line, "dark") == (
        "\x1b[1ma\x1b[0m\x1b[1;36mb\x1b[0m\x1b[1;4;36mc\x1b[0m\x1b[1;4md\x1b[0m"
    )
    assert style_line(Text("plain"), "dark") == "plain"

"""Style roles, palettes and their terminal codes.

Screens name roles; a palette maps each role to colours for a dark, light or colourless terminal.
"""

from collections.abc import Mapping
from functools import lru_cache

ACCENT = "accent"
CHROME = "chrome"
QUESTION = "question"
RATING = "rating"
WARNING = "warning"
GOOD = "good"
BAD = "bad"
CODE = "code"
HEADING = "heading"
LINK = "link"
RATING_STYLES = ("forgot", "forgot", "hard", "recalled", "easy")  # the roles of the ratings 1 to 5
STATE_STYLES = ("easy", "hard", "recalled")  # the roles of cards that are new, young and mature
SHADES = ("shade0", "shade1", "shade2", "shade3", "shade4")
"""The roles of a heat map: empty, and four shades of the accent."""
GAP = "bold"
KEYWORD, STRING, NUMBER, COMMENT, NAME = "keyword", "string", "number", "comment", "name"

_ROLES = {  # the style words of each role in a dark, light and colourless terminal
    "question": ("bold", "bold", "bold"), "heading": ("bold", "bold", "bold"),
    "link": ("underline", "underline", "underline"), "chrome": ("dim", "dim", "dim"),
    "accent": ("cyan", "blue", "bold"), "rating": ("bold cyan", "bold blue", "bold"),
    "warning": ("yellow", "red", "bold"), "good": ("green", "blue", "bold"),
    "bad": ("red underline", "red underline", "underline"), "code": ("green", "magenta", "bold"),
    "forgot": ("bold red", "bold red", "bold"), "hard": ("bold yellow", "bold magenta", "bold"),
    "recalled": ("bold green", "bold blue", "bold"), "easy": ("bold cyan", "bold", "bold"),
    "shade0": ("grey", "silver", "dim"), "shade1": ("cyan1", "blue1", ""),
    "shade2": ("cyan2", "blue2", ""), "shade3": ("cyan3", "blue3", ""), "shade4": ("cyan4", "blue4", ""),
    "keyword": ("cyan", "blue", "bold"), "string": ("green", "magenta", ""),
    "number": ("yellow", "red", ""), "comment": ("dim", "dim", "dim"), "name": ("bold", "bold", ""),
}  # fmt: skip
STYLES_BY_PALETTE: Mapping[str, Mapping[str, str]] = {
    palette: {role: styles[i] for role, styles in _ROLES.items()}
    for i, palette in enumerate(("dark", "light", "mono"))
}
# Two palettes, because yellow, cyan and green are unreadable on white, and blue is on black.
SGR_CODES = {  # ECMA-48 codes of style words; from FIRST_OF_256 on, colours of the 256-colour palette
    "bold": 1, "dim": 2, "italic": 3, "underline": 4, "reverse": 7, "strike": 9,
    "black": 30, "red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36,
    "white": 37,
    "grey": 1236, "cyan1": 1023, "cyan2": 1030, "cyan3": 1037, "cyan4": 1051,
    "silver": 1254, "blue1": 1153, "blue2": 1111, "blue3": 1069, "blue4": 1019,
}  # fmt: skip
FIRST_OF_256 = 1000


@lru_cache(maxsize=512)
def style_words(style: str, palette: str) -> tuple[str, ...]:
    """Resolve roles to plain style words, dropping unknown ones."""
    roles = STYLES_BY_PALETTE[palette]
    plain = [word for name in style.split() for word in roles.get(name, name).split()]
    colourless = palette == "mono"
    return tuple(w for w in plain if w in SGR_CODES and not (colourless and SGR_CODES[w] >= 30))


def sgr_codes(style: str, palette: str) -> str:
    """Return the parameters of ESC [ … m for a style."""
    words = style_words(style, palette)
    codes = [SGR_CODES[word] for word in words]
    colours = [code for code in codes if code >= 30][-1:]  # the last colour wins
    codes = [*dict.fromkeys(code for code in codes if code < 30), *colours]
    return ";".join(str(code) if code < FIRST_OF_256 else f"38;5;{code - FIRST_OF_256}" for code in codes)


def has_256_colours(environment: Mapping[str, str]) -> bool:
    """Tell whether the environment announces more than 16 colours."""
    return bool(environment.get("COLORTERM")) or "256" in environment.get("TERM", "")


def choose_palette(setting: str, environment: Mapping[str, str]) -> tuple[str, bool]:
    """Return the palette, and whether to ask the terminal's background.

    `auto` follows NO_COLOR, then COLORFGBG; only a terminal with neither is asked.
    """
    if environment.get("NO_COLOR"):
        return "mono", False
    if setting in STYLES_BY_PALETTE:
        return setting, False
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    if background.isdecimal():
        return ("light" if background in {"7", "15"} else "dark"), False
    return "dark", environment.get("TERM") not in {None, "", "dumb", "linux"}

"""Arabic letters in the forms that join, for terminals that set each sign by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from unicodedata import combining, decomposition

FORMS = ((0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
"""Where Unicode keeps letters in the shape that they have between others."""
TATWEEL = "\u0640"
INITIAL, MEDIAL, FINAL, ISOLATED = "<initial>", "<medial>", "<final>", "<isolated>"


@cache
def _forms() -> Mapping[str, Mapping[str, str]]:
    """Return the shapes of each letter, as Unicode's own table tells them."""
    found: dict[str, dict[str, str]] = {}
    for first, last in FORMS:
        for sign in map(chr, range(first, last + 1)):
            shape, *letters = decomposition(sign).split() or [""]
            if shape.startswith("<") and len(letters) == 1:
                found.setdefault(chr(int(letters[0], 16)), {}).setdefault(shape, sign)
    return found


def joined(text: str) -> str:
    """Return a text of as many signs, each Arabic letter in the shape that its neighbours ask for.

    Accents stand between letters without parting them; a non-joiner parts them.
    """
    forms = _forms()
    signs = list(text)
    places = [i for i, sign in enumerate(signs) if not combining(sign)]
    for at, i in enumerate(places):
        own = forms.get(text[i])
        if own is None:
            continue
        before = text[places[at - 1]] if at else ""
        after = text[places[at + 1]] if at + 1 < len(places) else ""
        leads = INITIAL in own and (after == TATWEEL or FINAL in forms.get(after, {}))
        follows = FINAL in own and (before == TATWEEL or INITIAL in forms.get(before, {}))
        shape = (ISOLATED, INITIAL, FINAL, MEDIAL)[leads + 2 * follows]
        signs[i] = own.get(shape, text[i])
    return "".join(signs)

"""The schema of deck files says what our own reader says: editors help, and never mislead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from factories import DECK
from flashcards.core.cards import LENIENCY_KINDS
from flashcards.storage.decks.reader import CARD_KEYS, DECK_KEYS, parse_deck
from programs import run

ROOT = Path(__file__).parents[1]
SCHEMA: dict[str, Any] = json.loads((ROOT / "decks" / "deck.schema.json").read_text("utf-8"))
SOUND = {
    "sample": DECK,
    "plain values": "deck: 3.10\ncards:\n- {front: no, back: 12:30}\n- {front: 3.10, back: null}\n",
    "no cards": "deck: D\ncards:\n",
    "empty list": "deck: D\ncards: []\n",
    "only a name": "deck: D\n",
    "manners": """
deck: D
reverse: yes
type: "on"
list: false
lenient: [case, accents]
cards:
- {front: a, back: b, type: true, accept: [c, d], tags: "x, y", lenient: all}
- {front: b, back: c, accept: only one, reverse: "No", lenient: {numbers: true, case: off}}
- {front: c, back: d, hint: 3.10, note: see e, choices: [e, 5], type: false, lenient: none, id: c-1}
- {front: d, list: [one, 2, three]}
- front: e
  list: true
  back: |
    - one
    - two
- cloze: The {{heart}} pumps {{c1::blood::what}}.
  back: a remark
""",
}
UNSOUND = {
    "unknown name": "deck: D\nauthor: me\n",
    "unknown name of a card": "cards:\n- {front: a, back: b, colour: red}\n",
    "no back": "cards:\n- {front: a}\n",
    "no front": "cards:\n- {back: a}\n",
    "front and cloze": "cards:\n- {front: a, cloze: 'a {{b}}', back: c}\n",
    "no gap": "cards:\n- {cloze: a b}\n",
    "empty front": "cards:\n- {front: '', back: b}\n",
    "a list for a text": "cards:\n- {front: [a], back: b}\n",
    "no switch": "cards:\n- {front: a, back: b, reverse: maybe}\n",
    "an id with spaces": "cards:\n- {front: a, back: b, id: a b}\n",
    "unknown leniency": "cards:\n- {front: a, back: b, lenient: [spelling]}\n",
    "cards that are no list": "deck: D\ncards: many\n",
    "a list": "- a\n- b\n",
}


def faults(text: str, loader: type[yaml.SafeLoader | yaml.BaseLoader]) -> list[str]:
    """Return what the schema finds wrong with a deck, read with YAML's types or as plain text."""
    value = yaml.load(text, loader)  # noqa: S506 (a test's own text, and safe loaders)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return [error.message for error in validator.iter_errors(value)]


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_fits_the_schema(text: str) -> None:
    """Whether an editor reads YAML's types or not, a sound deck has no fault."""
    deck, problems = parse_deck(text.encode(), "d.yaml")
    assert deck is not None, problems
    assert faults(text, yaml.BaseLoader) == []
    assert faults(text, yaml.SafeLoader) == []


@pytest.mark.parametrize("text", UNSOUND.values(), ids=UNSOUND.keys())
def test_what_is_unsound_does_not(text: str) -> None:
    """What our reader refuses, an editor marks."""
    assert parse_deck(text.encode(), "d.yaml")[0] is None
    assert faults(text, yaml.SafeLoader)


def test_every_name_is_in_both() -> None:
    """A name that one of them knows, the other knows too, with a word of what it is for."""
    card = SCHEMA["$defs"]["card"]["properties"]
    assert set(SCHEMA["properties"]) == set(DECK_KEYS)
    assert set(card) == set(CARD_KEYS)
    lenient = SCHEMA["$defs"]["lenient"]["anyOf"]
    assert set(lenient[0]["items"]["enum"]) == set(lenient[3]["properties"]) == set(LENIENCY_KINDS)
    told = set(card) - {"tags", "lenient"}
    assert all("description" in card[name] for name in told)


def test_the_bundled_decks_name_it_and_fit(tmp_path: Path) -> None:
    """Their first line leads an editor to it, in the checkout and in a library, offline."""
    for path in (ROOT / "decks").glob("*.yaml"):
        text = path.read_text("utf-8")
        assert text.startswith("# yaml-language-server: $schema=deck.schema.json\n")
        assert faults(text, yaml.SafeLoader) == []
    run(tmp_path, "due")
    library = tmp_path / "data" / "decks"
    assert json.loads((library / "deck.schema.json").read_text("utf-8")) == SCHEMA
    assert json.loads(run(tmp_path, "check", "--schema").stdout) == SCHEMA

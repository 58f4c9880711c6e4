"""Keys of one's own: what they do, and what is wrong with them, told with the way out."""

from __future__ import annotations

import pytest

from flashcards.core.key_bindings import BROWSE_ACTIONS, KEY_ACTIONS, resolve_bindings
from flashcards.errors import UsageError


def test_every_action_has_a_key_of_its_own() -> None:
    """The usual keys are in no conflict."""
    found = resolve_bindings()
    for action in KEY_ACTIONS:
        assert {found.action_for_key(key) for key in action.default_keys} == {action.name}


def test_own_keys_take_the_place_of_the_usual_ones() -> None:
    """A rebound action is on its new keys, and on them only."""
    found = resolve_bindings({"undo": ["z", "ctrl-u"], "rate_4": ["g"]})
    assert [found.action_for_key(key) for key in ("z", "ctrl-u", "u", "g", "4")] == [
        "undo", "undo", "", "rate_4", "",
    ]  # fmt: skip


def test_keys_can_be_swapped() -> None:
    """Two actions may exchange their keys."""
    found = resolve_bindings({"suspend": ["b"], "bury": ["s"]})
    assert (found.action_for_key("b"), found.action_for_key("s")) == ("suspend", "bury")


@pytest.mark.parametrize(
    ("own", "what", "remedy"),
    [
        ({"undo": ["s"]}, "undo uses the key 's', which belongs to suspend", "suspend = 'S'"),
        ({"undo": ["z"], "bury": ["z"]}, "undo and bury both use the key 'z'", "another"),
        ({"udno": ["z"]}, "unknown action 'udno'", "Did you mean undo?"),
        ({"undo": []}, "undo needs a key", "undo = 'u'"),
        ({"undo": ["ctrl-c"]}, "it quits immediately", "another key"),
        ({"undo": ["spacebar"]}, "'spacebar' is not a key", "space"),
        ({"undo": ["\x1b"]}, "is not a key", "ctrl-LETTER"),
    ],
    ids=str,
)
def test_a_conflict_is_told_with_its_remedy(own: dict[str, list[str]], what: str, remedy: str) -> None:
    """What is wrong is said, and what to write."""
    with pytest.raises(UsageError) as caught:
        resolve_bindings(own)
    assert what in str(caught.value)
    assert remedy in str(caught.value)


def test_the_list_of_cards_has_its_own_keys_beside_those_of_study() -> None:
    """What both do goes by the same keys, a user's own too; a key of the list gives way to those."""
    found = resolve_bindings(None, BROWSE_ACTIONS)
    for action in BROWSE_ACTIONS:
        assert {found.action_for_key(key) for key in action.default_keys} == {action.name}
    shared = {action.name for action in BROWSE_ACTIONS} & {action.name for action in KEY_ACTIONS}
    study = resolve_bindings()
    assert {"undo", "edit", "mark", "suspend", "bury", "look_up", "help", "quit", "down"} <= shared
    assert all(study.keys_by_action[name] == found.keys_by_action[name] for name in shared)
    own = resolve_bindings({"undo": ["a"], "rate_4": ["e"], "hide": ["s"]}, BROWSE_ACTIONS)
    assert [own.action_for_key(key) for key in "aues"] == ["undo", "", "edit", "suspend"]
    assert own.first_key("select_all") == ""

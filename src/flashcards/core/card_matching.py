"""Match edited and returned cards to their former ids."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from difflib import SequenceMatcher
from functools import partial
from typing import NamedTuple, TypeVar

from flashcards.core.cards import SIBLING_SEPARATOR, CardId
from flashcards.core.note_ids import normalize_text

# A wrong match gives a card the progress of another, which is worse than a card that starts as new.
# So the farther a card may have moved, the more alike its texts must be.
MIN_SIMILARITY = 0.6  # 0 to 1, of front and back together
MIN_SIMILARITY_OTHER_DECK = 0.7  # in another deck, or missing for longer
MIN_SIMILARITY_RETURNED = 0.85  # in another deck and missing for longer
SAME_SIBLING_BONUS = 0.05  # prefers the same card of the note: its reverse, its gap
MAX_CANDIDATES = 8  # texts that each vanished card is compared with
MAX_COMPARED_LETTERS = 2_000
MAX_CARDS_OF_A_WORD = 200  # among more cards than that, words that more of them have are not compared

T = TypeVar("T")


class CardText(NamedTuple):
    """What matching compares of a card."""

    card: CardId
    deck: str
    front: str
    back: str


MatchStep = Callable[[list[CardText], list[CardText]], dict[CardId, CardId]]
"""Pairs some old texts with new ones."""


def match_edited_cards(vanished: Iterable[CardText], appeared: Iterable[CardText]) -> dict[CardId, CardId]:
    """Return {vanished: appeared} for edited cards, the surest matches first."""
    return _match_in_turn(vanished, appeared, EDITED_STEPS)


def match_returned_cards(vanished: Iterable[CardText], appeared: Iterable[CardText]) -> dict[CardId, CardId]:
    """Return {vanished: appeared} for cards missing for longer; it is stricter."""
    return _match_in_turn(vanished, appeared, RETURNED_STEPS)


def _match_in_turn(
    vanished: Iterable[CardText], appeared: Iterable[CardText], steps: Iterable[MatchStep]
) -> dict[CardId, CardId]:
    old, new = list(vanished), list(appeared)
    matched: dict[CardId, CardId] = {}
    for step in steps:
        matched |= step(old, new)
        taken = set(matched.values())
        old = [text for text in old if text.card not in matched]
        new = [text for text in new if text.card not in taken]
    return matched


def match_copied_cards(
    lost: list[CardText],
    new: list[CardText],
    former: list[CardText],
    before: list[CardText],
    files: Iterable[list[CardText]],
) -> dict[CardId, CardId]:
    """Return {lost: new} for cards with an unlearned copy, edited or not.

    `former` has earlier texts of new cards, and `before` the cards of the files that lost some. A file that
    shares half of its cards with those is a copy, and its other cards are edited ones.
    """
    known = {key for text in before for key in (text.card, _sides(text))}
    edited_ids = set[CardId]()
    for texts in files:
        others = [text.card for text in texts if known.isdisjoint((text.card, _sides(text)))]
        if len(others) * 2 <= len(texts):
            edited_ids.update(others)
    matched: dict[CardId, CardId] = {}
    edited = [text for text in new if text.card in edited_ids]
    for step, texts in ((_match_copies, new), (_match_copies, former), (match_edited_cards, edited)):
        taken = set(matched.values())
        unmatched = [text for text in lost if text.card not in matched]
        matched |= step(unmatched, [text for text in texts if text.card not in taken])
    return matched


def _match_copies(old: list[CardText], new: list[CardText]) -> dict[CardId, CardId]:
    """Pair cards with equal sides, one to one, in the order given."""
    cards_by_sides: dict[Hashable, list[CardId]] = defaultdict(list)
    for text in new:
        cards_by_sides[_sides(text)].append(text.card)
    matched: dict[CardId, CardId] = {}
    taken: set[CardId] = set()  # a card may come with several former texts
    for text in old:
        card = next((card for card in cards_by_sides[_sides(text)] if card not in taken), None)
        if card is not None:
            matched[text.card] = card
            taken.add(card)
    return matched


def _comparable(text: str) -> str:
    """Return a text for matching; old journals put gaps in asterisks."""
    return normalize_text(text.replace("**", ""))


def _sides(text: CardText) -> tuple[str, str]:
    return _comparable(text.front), _comparable(text.back)


def unique_pairs(old: Iterable[T], new: Iterable[T], key: Callable[[T], Hashable]) -> Iterator[tuple[T, T]]:
    """Yield (old, new) for each key that is unique on either side."""
    before: dict[Hashable, list[T]] = defaultdict(list)
    after: dict[Hashable, list[T]] = defaultdict(list)
    for values, by_key in ((old, before), (new, after)):
        for value in values:
            by_key[key(value)].append(value)
    for shared, values in before.items():
        if len(values) == len(after.get(shared, ())) == 1:
            yield values[0], after[shared][0]


def _by_key(key: Callable[[CardText], Hashable]) -> MatchStep:
    return lambda old, new: {one.card: other.card for one, other in unique_pairs(old, new, key)}


def _match_by_similarity(
    old: list[CardText], new: list[CardText], min_similarity: float, *, same_deck: bool
) -> dict[CardId, CardId]:
    """Pair the most similar texts first, each once; none below `min_similarity`."""
    scored: list[tuple[float, CardId, CardId]] = []
    for text, other in _candidate_pairs(old, new, same_deck=same_deck):
        similarity = _text_similarity(text, other)
        if similarity >= min_similarity:
            bonus = SAME_SIBLING_BONUS if _sibling_key(text) == _sibling_key(other) else 0
            scored.append((-similarity - bonus, text.card, other.card))
    matched: dict[CardId, CardId] = {}
    taken: set[CardId] = set()
    # Ties go by id, never by the order of files: all devices must find the same pairs.
    for _, before, after in sorted(scored):
        if before not in matched and after not in taken:
            matched[before] = after
            taken.add(after)
    return matched


def _sibling_key(text: CardText) -> str:
    """Return the part of a card id that differs between siblings."""
    return text.card.partition(SIBLING_SEPARATOR)[2]


def _candidate_pairs(
    old: list[CardText], new: list[CardText], *, same_deck: bool
) -> Iterator[tuple[CardText, CardText]]:
    """Yield each old text with the new ones that share its rarest words."""
    if not old:
        return
    places_by_word: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, text in enumerate(new):
        for word in _word_set(text):
            places_by_word[text.deck if same_deck else "", word].append(i)
    for text in old:
        scores: dict[int, float] = defaultdict(float)
        for word in _word_set(text):
            places = places_by_word.get((text.deck if same_deck else "", word), ())
            # A rare word says more than a frequent one, which would also make this quadratic.
            if len(places) <= MAX_CARDS_OF_A_WORD or len(new) <= MAX_CARDS_OF_A_WORD:
                for i in places:
                    scores[i] += 1 / len(places)
        best = sorted(scores, key=lambda i: (-scores[i], i))[:MAX_CANDIDATES]
        yield from ((text, new[i]) for i in best)


def _word_set(text: CardText) -> set[str]:
    return set(re.findall(r"\w+", f"{text.front} {text.back}".casefold()))


def _text_similarity(one: CardText, other: CardText) -> float:
    """Return the similarity (0 to 1) of two cards, weighted by length."""
    total = weights = 0.0
    for a, b in ((one.front, other.front), (one.back, other.back)):
        weight = max(1, len(a) + len(b))
        a_start, b_start = (_comparable(text)[:MAX_COMPARED_LETTERS] for text in (a, b))
        total += weight * SequenceMatcher(None, a_start, b_start, autojunk=False).ratio()
        weights += weight
    return total / weights


# From the surest step to the least sure; each gets what those before it left.
EDITED_STEPS: tuple[MatchStep, ...] = (
    _by_key(lambda text: (text.deck, _sides(text))),
    _by_key(_sides),
    _by_key(lambda text: (text.deck, _comparable(text.front))),
    _by_key(lambda text: (text.deck, _comparable(text.back))),
    _by_key(lambda text: _comparable(text.front)),
    _by_key(lambda text: _comparable(text.back)),
    partial(_match_by_similarity, min_similarity=MIN_SIMILARITY, same_deck=True),
    partial(_match_by_similarity, min_similarity=MIN_SIMILARITY_OTHER_DECK, same_deck=False),
)
RETURNED_STEPS: tuple[MatchStep, ...] = (
    _by_key(_sides),
    partial(_match_by_similarity, min_similarity=MIN_SIMILARITY_OTHER_DECK, same_deck=True),
    partial(_match_by_similarity, min_similarity=MIN_SIMILARITY_RETURNED, same_deck=False),
)

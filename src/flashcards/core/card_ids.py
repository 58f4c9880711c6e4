"""Card ids, and matching edited cards to their old ids."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache, partial
from hashlib import blake2b
from typing import NamedTuple, TypeVar

from flashcards.core.cards import (
    REVERSE_KEY,
    SIBLING_SEPARATOR,
    AnswerMode,
    Card,
    CardId,
    Deck,
    Note,
    answer_mode,
    has_reverse_card,
)
from flashcards.core.cloze import Spans, cloze_cards

# A wrong match gives a card the progress of another, which is worse than a card that starts as new.
# So the farther a card may have moved, the more alike its texts must be.
MIN_SIMILARITY = 0.6
"""The least likeness (0 to 1, of front and back together) that makes two texts one card."""
MIN_SIMILARITY_OTHER_DECK = 0.7
"""The same for a card in another deck, or one that was gone for longer."""
MIN_SIMILARITY_RETURNED = 0.85
"""The same for one that was gone for longer, and is in another deck now."""
SAME_SIBLING_BONUS = 0.05
"""How much more alike two cards are that are the same of their notes' cards."""
MAX_CANDIDATES = 8
"""How many of the likeliest candidates a vanished card is compared with letter by letter."""
MAX_COMPARED_LETTERS = 2_000
"""Letters of each text that the comparison reads."""

T = TypeVar("T")


def normalize_text(text: str) -> str:
    """Return a text with what no reader sees taken out: forms of Unicode, and kinds of space."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def note_fingerprint(deck: str, front: str) -> str:
    """Return the id of a note that was given none: 16 hex digits of deck and normalised front."""
    digest = _deck_hash(deck).copy()
    digest.update(normalize_text(front).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@lru_cache(64)
def _deck_hash(deck: str) -> blake2b:
    """Return the sum of a deck's name, to go on from for each of its notes."""
    return blake2b(f"{normalize_text(deck)}\x1f".encode("utf-8", "surrogatepass"), digest_size=8)


def note_id(deck: str, note: Note) -> str:
    """Return the id a note goes by."""
    return note.id or note_fingerprint(deck, note.front)


def deck_cards(deck: Deck) -> Iterator[Card]:
    """Yield the cards that a deck's notes make, in its order."""
    for note in deck.notes:
        own_id = note_id(deck.name, note)
        tags = tuple(dict.fromkeys((*deck.tags, *note.tags)))
        for key, front, back, mode, front_gaps, back_gaps in _card_sides(deck, note):
            yield Card(
                id=CardId(own_id + key),
                deck=deck.name,
                front=front,
                back=back,
                tags=tags,
                note_id=own_id,
                path=deck.path,
                line=note.line,
                has_own_id=bool(note.id),
                answer_mode=mode,
                front_gaps=front_gaps,
                back_gaps=back_gaps,
                hint="" if key == REVERSE_KEY else note.hint,  # it hints at the back
                remark=note.remark,
            )


def _card_sides(deck: Deck, note: Note) -> Iterator[tuple[str, str, str, AnswerMode, Spans, Spans]]:
    """Yield (what is added to the note's id, front, back, manner, gaps of both) for each card of a note."""
    if note.cloze:
        for card in cloze_cards(note.front):
            back = f"{card.back}\n\n{note.back}" if note.back else card.back
            mode = answer_mode(deck, note, answer=card.answer)
            yield SIBLING_SEPARATOR + card.key, card.front, back, mode, card.front_gaps, card.back_gaps
        return
    yield "", note.front, note.back, answer_mode(deck, note), (), ()
    if has_reverse_card(deck, note):
        mode = answer_mode(deck, note, reversed_=True)
        yield REVERSE_KEY, note.back, note.front, mode, (), ()


class CardText(NamedTuple):
    """A card as far as matching goes: what it said, and where."""

    card: CardId
    deck: str
    front: str
    back: str


MatchStep = Callable[[list[CardText], list[CardText]], dict[CardId, CardId]]
"""Pairs some of the old texts with new ones."""


def match_edited_cards(vanished: Iterable[CardText], appeared: Iterable[CardText]) -> dict[CardId, CardId]:
    """Return which vanished card each appeared one is, {old: new}, one to one.

    In turn: both sides unchanged (moved to another deck, or its id changed); one side unchanged in
    the same deck, then in any; else the most alike in the same deck, then in any, if alike enough.
    """
    return _match_in_turn(vanished, appeared, EDITED_STEPS)


def match_returned_cards(vanished: Iterable[CardText], appeared: Iterable[CardText]) -> dict[CardId, CardId]:
    """Return which cards, gone for longer, came back under another id.

    In turn: with both sides unchanged; else in their deck, if they are very much alike; else in
    any, if they are all but the same (as when the index was lost before the edit was seen).
    """
    return _match_in_turn(vanished, appeared, RETURNED_STEPS)


def _match_in_turn(
    vanished: Iterable[CardText], appeared: Iterable[CardText], steps: Iterable[MatchStep]
) -> dict[CardId, CardId]:
    """Match by one step after the other, each with what those before it have left."""
    old, new = list(vanished), list(appeared)
    matched: dict[CardId, CardId] = {}
    for step in steps:
        matched.update(step(old, new))
        taken = set(matched.values())
        old = [text for text in old if text.card not in matched]
        new = [text for text in new if text.card not in taken]
    return matched


def copies(vanished: Iterable[CardText], standing: Iterable[CardText]) -> dict[CardId, CardId]:
    """Return which vanished cards have a copy, and which: the first with both sides unchanged."""
    free: dict[Hashable, list[CardId]] = defaultdict(list)
    found: dict[CardId, CardId] = {}
    old = list(vanished)
    wanted = {(_comparable(text.front), _comparable(text.back)) for text in old}
    for text in standing:
        if (sides := (_comparable(text.front), _comparable(text.back))) in wanted:
            free[sides].append(text.card)
    for text in old:
        if cards := free[_comparable(text.front), _comparable(text.back)]:
            found[text.card] = cards.pop(0)
    return found


def _comparable(text: str) -> str:
    """Return a text for matching: as once written, gaps had asterisks around them in the journal."""
    return normalize_text(text.replace("**", ""))


def unique_pairs(old: Iterable[T], new: Iterable[T], key: Callable[[T], Hashable]) -> Iterator[tuple[T, T]]:
    """Yield an old and a new value for each key that is theirs alone on either side."""
    before: dict[Hashable, list[T]] = defaultdict(list)
    after: dict[Hashable, list[T]] = defaultdict(list)
    for values, by_key in ((old, before), (new, after)):
        for value in values:
            by_key[key(value)].append(value)
    for shared, values in before.items():
        if len(values) == len(after.get(shared, ())) == 1:
            yield values[0], after[shared][0]


def _by_key(key: Callable[[CardText], Hashable]) -> MatchStep:
    """Return the step that pairs texts by a key."""
    return lambda old, new: {one.card: other.card for one, other in unique_pairs(old, new, key)}


def _match_by_similarity(
    old: list[CardText], new: list[CardText], least: float, *, same_deck: bool
) -> dict[CardId, CardId]:
    """Pair the most alike texts first, each once; `within` keeps to the same deck."""
    # The likeliest pairs first and ids for a tie, never the order of the files: so all machines agree.
    scored = sorted(
        (-likeness - SAME_SIBLING_BONUS * (_sibling_key(text) == _sibling_key(other)), text.card, other.card)
        for text, other in _candidate_pairs(old, new, same_deck=same_deck)
        if (likeness := _text_similarity(text, other)) >= least
    )
    matched: dict[CardId, CardId] = {}
    taken: set[CardId] = set()
    for _, before, after in scored:
        if before not in matched and after not in taken:
            matched[before] = after
            taken.add(after)
    return matched


def _sibling_key(text: CardText) -> str:
    """Return what tells a card from its note's others: its way round, or its gap."""
    return text.card.partition(SIBLING_SEPARATOR)[2]


def _candidate_pairs(
    old: list[CardText], new: list[CardText], *, same_deck: bool
) -> Iterator[tuple[CardText, CardText]]:
    """Yield each old text with the few new ones that share most rare words with it."""
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, text in enumerate(new if old else ()):
        for word in _word_set(text):
            holders[text.deck if same_deck else "", word].append(i)
    for text in old:
        shared: dict[int, float] = defaultdict(float)
        for word in _word_set(text):
            places = holders.get((text.deck if same_deck else "", word), ())
            if len(places) <= 200 or len(new) <= 200:
                for i in places:  # a word that few cards have tells more than one that many have
                    shared[i] += 1 / len(places)
        best = sorted(shared, key=lambda i: (-shared[i], i))[:MAX_CANDIDATES]
        yield from ((text, new[i]) for i in best)


def _word_set(text: CardText) -> set[str]:
    return set(re.findall(r"\w+", f"{text.front} {text.back}".casefold()))


def _text_similarity(one: CardText, other: CardText) -> float:
    """Return how alike two cards are, 0 to 1: the mean over both sides, weighed by length."""
    sides = [(one.front, other.front), (one.back, other.back)]
    sizes = [max(1, len(a) + len(b)) for a, b in sides]
    ratios = [
        SequenceMatcher(
            None,
            _comparable(a)[:MAX_COMPARED_LETTERS],
            _comparable(b)[:MAX_COMPARED_LETTERS],
            autojunk=False,
        ).ratio()
        for a, b in sides
    ]
    return sum(r * s for r, s in zip(ratios, sizes, strict=True)) / sum(sizes)


_SAME_SIDES = _by_key(lambda text: (_comparable(text.front), _comparable(text.back)))
EDITED_STEPS: tuple[MatchStep, ...] = (
    _by_key(lambda text: (text.deck, _comparable(text.front), _comparable(text.back))),
    _SAME_SIDES,
    _by_key(lambda text: (text.deck, _comparable(text.front))),
    _by_key(lambda text: (text.deck, _comparable(text.back))),
    _by_key(lambda text: _comparable(text.front)),
    _by_key(lambda text: _comparable(text.back)),
    partial(_match_by_similarity, least=MIN_SIMILARITY, same_deck=True),
    partial(_match_by_similarity, least=MIN_SIMILARITY_OTHER_DECK, same_deck=False),
)
RETURNED_STEPS: tuple[MatchStep, ...] = (
    _SAME_SIDES,
    partial(_match_by_similarity, least=MIN_SIMILARITY_OTHER_DECK, same_deck=True),
    partial(_match_by_similarity, least=MIN_SIMILARITY_RETURNED, same_deck=False),
)

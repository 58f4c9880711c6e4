"""Which card is which: ids that survive edits, and the matching of texts when they could not."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b

from flashcards.core.cards import SIBLING, Asking, Card, CardId, Deck, Note, asked_both_ways, asking
from flashcards.core.cloze import gaps

ALIKE = 0.6
"""The least likeness (0 to 1, of front and back together) that makes two texts one card."""
ALIKE_ELSEWHERE = 0.7
"""The same for a card in another deck, or one that was gone for longer."""
ALIKE_RETURNED = 0.85
"""The same for one that was gone for longer, and is in another deck now."""
SAME_PLACE = 0.05
"""How much more alike two cards are that are the same of their notes' cards."""
RIVALS = 8
"""How many of the likeliest candidates a vanished card is compared with letter by letter."""
COMPARED = 2_000
"""Letters of each text that the comparison reads."""


def normal(text: str) -> str:
    """Return a text with what no reader sees taken out: forms of Unicode, and kinds of space."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def fingerprint(deck: str, front: str) -> str:
    """Return the id of a note that was given none: 16 hex digits of deck and normalised front."""
    sum_ = _begun(deck).copy()
    sum_.update(normal(front).encode("utf-8", "surrogatepass"))
    return sum_.hexdigest()


@lru_cache(64)
def _begun(deck: str) -> blake2b:
    """Return the sum of a deck's name, to go on from for each of its notes."""
    return blake2b(f"{normal(deck)}\x1f".encode("utf-8", "surrogatepass"), digest_size=8)


def note_id(deck: str, note: Note) -> str:
    """Return the id a note goes by."""
    return note.id or fingerprint(deck, note.front)


def cards_of(deck: Deck) -> Iterator[Card]:
    """Yield the cards that a deck's notes make, in its order."""
    for note in deck.notes:
        own = note_id(deck.name, note)
        tags = tuple(dict.fromkeys((*deck.tags, *note.tags)))
        for key, front, back, manner in _sides(deck, note):
            yield Card(
                id=CardId(own + key),
                deck=deck.name,
                front=front,
                back=back,
                tags=tags,
                note=own,
                path=deck.path,
                line=note.line,
                identified=bool(note.id),
                asking=manner,
            )


def _sides(deck: Deck, note: Note) -> Iterator[tuple[str, str, str, Asking]]:
    """Yield (what is added to the note's id, front, back, manner) for each card of a note."""
    if note.cloze:
        for gap in gaps(note.front):
            back = f"{gap.back}\n\n{note.back}" if note.back else gap.back
            yield SIBLING + gap.key, gap.front, back, asking(deck, note, answer=gap.answer)
        return
    yield "", note.front, note.back, asking(deck, note)
    if asked_both_ways(deck, note):
        yield SIBLING + "r", note.back, note.front, asking(deck, note, turned=True)


@dataclass(frozen=True, slots=True)
class Text:
    """A card as far as matching goes: what it said, and where."""

    card: CardId
    deck: str
    front: str
    back: str


def matches(vanished: Iterable[Text], appeared: Iterable[Text]) -> dict[CardId, CardId]:
    """Return which vanished card each appeared one is, {old: new}, one to one.

    In turn: both sides unchanged (moved to another deck, or its id changed); one side unchanged in
    the same deck, then in any; else the most alike in the same deck, then in any, if alike enough.
    """
    old, new = list(vanished), list(appeared)
    found: dict[CardId, CardId] = {}
    keys: tuple[Callable[[Text], Hashable], ...] = (
        lambda text: (text.deck, normal(text.front), normal(text.back)),
        lambda text: (normal(text.front), normal(text.back)),
        lambda text: (text.deck, "front", normal(text.front)),
        lambda text: (text.deck, "back", normal(text.back)),
        lambda text: ("front", normal(text.front)),
        lambda text: ("back", normal(text.back)),
    )
    for key in keys:
        found.update(_same(old, new, key))
        old, new = _left(old, new, found)
    found.update(_alike(old, new, ALIKE, within=True))
    old, new = _left(old, new, found)
    return found | _alike(old, new, ALIKE_ELSEWHERE, within=False)


def returning(vanished: Iterable[Text], appeared: Iterable[Text]) -> dict[CardId, CardId]:
    """Return which cards, gone for longer, came back under another id.

    In turn: with both sides unchanged; else in their deck, if they are very much alike; else in
    any, if they are all but the same (as when the index was lost before the edit was seen).
    """
    old, new = list(vanished), list(appeared)
    found = _same(old, new, lambda text: (normal(text.front), normal(text.back)))
    old, new = _left(old, new, found)
    found.update(_alike(old, new, ALIKE_ELSEWHERE, within=True))
    old, new = _left(old, new, found)
    return found | _alike(old, new, ALIKE_RETURNED, within=False)


def copies(vanished: Iterable[Text], standing: Iterable[Text]) -> dict[CardId, CardId]:
    """Return which vanished cards have a copy, and which: the first with both sides unchanged."""
    free: dict[Hashable, list[CardId]] = defaultdict(list)
    found: dict[CardId, CardId] = {}
    old = list(vanished)
    wanted = {(normal(text.front), normal(text.back)) for text in old}
    for text in standing:
        if (sides := (normal(text.front), normal(text.back))) in wanted:
            free[sides].append(text.card)
    for text in old:
        if cards := free[normal(text.front), normal(text.back)]:
            found[text.card] = cards.pop(0)
    return found


def _left(
    old: list[Text], new: list[Text], found: dict[CardId, CardId]
) -> tuple[list[Text], list[Text]]:
    """Return the texts of either side that are not matched yet."""
    taken = set(found.values())
    return [text for text in old if text.card not in found], [
        text for text in new if text.card not in taken
    ]


def _same(
    old: list[Text], new: list[Text], key: Callable[[Text], Hashable]
) -> dict[CardId, CardId]:
    """Pair texts that share a key which is theirs alone on either side."""
    before: dict[Hashable, list[Text]] = defaultdict(list)
    after: dict[Hashable, list[Text]] = defaultdict(list)
    for text in old:
        before[key(text)].append(text)
    for text in new:
        after[key(text)].append(text)
    return {
        texts[0].card: after[shared][0].card
        for shared, texts in before.items()
        if len(texts) == 1 and len(after.get(shared, ())) == 1
    }


def _alike(old: list[Text], new: list[Text], least: float, *, within: bool) -> dict[CardId, CardId]:
    """Pair the most alike texts first, each once; `within` keeps to the same deck."""
    scored = sorted(
        (-likeness - SAME_PLACE * (_place(text) == _place(other)), text.card, other.card)
        for text, other in _candidates(old, new, within=within)
        if (likeness := _likeness(text, other)) >= least
    )
    found: dict[CardId, CardId] = {}
    taken: set[CardId] = set()
    for _, before, after in scored:
        if before not in found and after not in taken:
            found[before] = after
            taken.add(after)
    return found


def _place(text: Text) -> str:
    """Return what tells a card from its note's others: its way round, or its gap."""
    return text.card.partition(SIBLING)[2]


def _candidates(old: list[Text], new: list[Text], *, within: bool) -> Iterator[tuple[Text, Text]]:
    """Yield each old text with the few new ones that share most rare words with it."""
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, text in enumerate(new if old else ()):
        for word in _words(text):
            holders[text.deck if within else "", word].append(i)
    for text in old:
        shared: dict[int, float] = defaultdict(float)
        for word in _words(text):
            places = holders.get((text.deck if within else "", word), ())
            if len(places) <= 200 or len(new) <= 200:
                for i in places:
                    shared[i] += 1 / len(places)
        best = sorted(shared, key=lambda i: (-shared[i], i))[:RIVALS]
        yield from ((text, new[i]) for i in best)


def _words(text: Text) -> set[str]:
    return set(re.findall(r"\w+", f"{text.front} {text.back}".casefold()))


def _likeness(one: Text, other: Text) -> float:
    """Return how alike two cards are, 0 to 1: the mean over both sides, weighed by length."""
    sides = [(one.front, other.front), (one.back, other.back)]
    sizes = [max(1, len(a) + len(b)) for a, b in sides]
    ratios = [
        SequenceMatcher(None, normal(a)[:COMPARED], normal(b)[:COMPARED], autojunk=False).ratio()
        for a, b in sides
    ]
    return sum(r * s for r, s in zip(ratios, sizes, strict=True)) / sum(sizes)

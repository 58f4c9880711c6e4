"""A typed answer beside the right one: what differs, what may differ, and the rating that it earns.

Both texts become tokens; leniency makes tokens equal, or takes them out of the comparison.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

RIGHT, SLIP, NEAR, WRONG = 4, 3, 2, 1
"""The ratings that are proposed."""
SLIP_FROM, NEAR_FROM = 0.8, 0.5
"""Likeness (0 to 1) from which a wrong answer is a slip, or at least near."""
LONGEST = 4_000
"""Letters of either text that are looked at."""
MOST = 160
"""Pieces that are matched with each other: letters, or else words; a frame must not wait."""
LOOKALIKES = str.maketrans("’‘‛`´“”„«»–—−‐‑", "'''''\"\"\"\"\"-----")
PUNCTUATION = frozenset(".,;:!?…\"'()[]{}¿¡。、，！？；：「」")
ARTICLES = frozenset(
    re.findall(
        r"\w+",
        "the a an · der die das den dem des ein eine einen einem einer eines · le la les l un une"
        " · el los las una unos unas · il lo gli uno · um uma · de het een",
    )
)
TO_TWENTY = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty",
)
TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS = {word: str(n) for n, word in enumerate(TO_TWENTY)} | {
    word: str(n) for n, word in zip(range(30, 100, 10), TENS, strict=True)
}
WORD = re.compile(r"[-+]?\d+(?:[., '\u00a0\u202f]\d+)*|\w+|\s+|.", re.DOTALL)
GROUPED = re.compile(r"[-+]?\d{1,3}(?:[., '\u00a0\u202f]\d{3})+(?:[.,]\d+)?")
SEPARATORS = re.compile(r"[., '\u00a0\u202f](?=\d{3}(?:\D|$))")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of both texts: equal as far as it matters, or not."""

    given: str
    wanted: str
    same: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a typed answer."""

    right: bool
    runs: tuple[Run, ...]
    """Given and wanted side by side, from left to right."""
    proposed: int

    @property
    def wanted(self) -> str:
        """The right answer that comes closest to what was typed."""
        return "".join(run.wanted for run in self.runs)

    @property
    def exact(self) -> bool:
        """Whether nothing had to be overlooked."""
        return all(run.same and run.given == run.wanted for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a text, and what it is compared as; "" takes no part."""

    text: str
    sign: str


def judge(given: str, answers: Iterable[str], lenient: Iterable[str]) -> Verdict:
    """Compare a typed answer with each right one, and return the verdict on the closest."""
    kinds = frozenset(lenient)
    verdicts = [_judge(given, wanted, kinds) for wanted in answers]
    return max(verdicts, key=lambda verdict: (verdict.right, _likeness(verdict)))


def _judge(given: str, wanted: str, lenient: frozenset[str]) -> Verdict:
    right = _tokens(wanted, lenient)
    if not any(token.sign for token in right):  # nothing but punctuation: then that is what counts
        lenient -= {"punctuation", "articles"}
        right = _tokens(wanted, lenient)
    runs = _runs(_tokens(given, lenient), right)
    same = all(run.same for run in runs)
    verdict = Verdict(same, tuple(runs), RIGHT)
    return verdict if same else Verdict(same, verdict.runs, _proposed(verdict))


def _proposed(verdict: Verdict) -> int:
    likeness = _likeness(verdict)
    # Of a number no part is nearly right.
    if likeness >= SLIP_FROM and not any(sign.isdigit() for sign in verdict.wanted):
        return SLIP
    return NEAR if likeness >= NEAR_FROM else WRONG


def _likeness(verdict: Verdict) -> float:
    same = sum(len(run.given) + len(run.wanted) for run in verdict.runs if run.same)
    every = sum(len(run.given) + len(run.wanted) for run in verdict.runs)
    return same / every if every else 1.0


def _tokens(text: str, lenient: frozenset[str]) -> list[_Token]:
    text = unicodedata.normalize("NFC", " ".join(text.split()))[:LONGEST]
    words = WORD.findall(text)
    found: list[_Token] = []
    for i, word in enumerate(words):
        found += _of_word(word, lenient, last=i == len(words) - 1)
    return _spaced(found)


def _of_word(word: str, lenient: frozenset[str], *, last: bool) -> Iterator[_Token]:
    plain = word.casefold()
    if "articles" in lenient and plain in ARTICLES and not last:
        yield _Token(word, "")
    elif "numbers" in lenient and (number := _number(plain)):
        yield _Token(word, number)
    elif "punctuation" in lenient and word in PUNCTUATION:
        yield _Token(word, "")
    else:
        dash = "punctuation" in lenient and word.translate(LOOKALIKES) == "-"
        for sign in word:
            parts = " " if dash else _sign(sign, lenient)
            yield _Token(sign, parts[0])
            yield from (_Token("", part) for part in parts[1:])  # ß is compared as ss


def _sign(sign: str, lenient: frozenset[str]) -> str:
    sign = sign.translate(LOOKALIKES)
    if "accents" in lenient:
        parts = unicodedata.normalize("NFD", sign)
        sign = "".join(part for part in parts if not unicodedata.combining(part)) or sign
    return sign.casefold() if "case" in lenient else sign


def _number(word: str) -> str:
    """Return the one spelling of a number, in digits; "" when it is none."""
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    if not any(sign.isdecimal() for sign in word) or word.strip("+-0123456789., '\u00a0\u202f"):
        return ""
    if GROUPED.fullmatch(word):
        word = SEPARATORS.sub("", word)
    whole, _, rest = word.lstrip("+").replace(",", ".").partition(".")
    whole, rest = whole.lstrip("0") or "0", rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def _spaced(tokens: list[_Token]) -> list[_Token]:
    """Let one space count between words, and none at either end."""
    found: list[_Token] = []
    before = " "
    for token in tokens:
        double = token.sign == " " == before
        found.append(_Token(token.text, "") if double else token)
        before = token.sign or before
    for i in reversed(range(len(found))):
        if found[i].sign == " ":
            found[i] = _Token(found[i].text, "")
        if found[i].sign:
            break
    return found


def _runs(given: list[_Token], wanted: list[_Token]) -> list[Run]:
    """Return both texts in runs; what takes no part goes with the run it stands in."""
    ours, theirs = ([token.sign for token in side if token.sign] for side in (given, wanted))
    mine, yours = _Reader(given), _Reader(wanted)
    runs = [Run(mine.take(i), yours.take(j), same) for same, i, j in _matched(ours, theirs)]
    rest = Run(mine.rest(), yours.rest(), same=True)
    return [*runs, rest] if rest.given or rest.wanted else runs


def _matched(ours: list[str], theirs: list[str]) -> Iterator[tuple[bool, int, int]]:
    """Yield (whether equal, pieces of ours, pieces of theirs) from left to right."""
    head = _common(ours, theirs)
    tail = _common(ours[head:][::-1], theirs[head:][::-1])
    if head:
        yield True, head, head
    yield from _unlike(ours[head : len(ours) - tail], theirs[head : len(theirs) - tail])
    if tail:
        yield True, tail, tail


def _unlike(ours: list[str], theirs: list[str]) -> Iterator[tuple[bool, int, int]]:
    """Yield the same for texts with nothing in common at either end."""
    for split in (_letters, _words):
        pieces, others = split(ours), split(theirs)
        if max(len(pieces), len(others)) <= MOST:
            matcher = SequenceMatcher(None, pieces, others, autojunk=False)
            for kind, i1, i2, j1, j2 in matcher.get_opcodes():
                yield kind == "equal", sum(map(len, pieces[i1:i2])), sum(map(len, others[j1:j2]))
            return
    yield False, len(ours), len(theirs)


def _common(ours: list[str], theirs: list[str]) -> int:
    pairs = zip(ours, theirs, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))


def _letters(signs: list[str]) -> list[tuple[str, ...]]:
    return [(sign,) for sign in signs]


def _words(signs: list[str]) -> list[tuple[str, ...]]:
    found: list[list[str]] = [[]]
    for sign in signs:
        found[-1].append(sign)
        if sign == " ":
            found.append([])
    return [tuple(word) for word in found if word]


class _Reader:
    """Hands out a side's text token by token."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def take(self, count: int) -> str:
        """Return the text of so many tokens that take part, and of those between them."""
        start = self._at
        while count or (self._at < len(self._tokens) and not self._tokens[self._at].sign):
            count -= bool(self._tokens[self._at].sign)
            self._at += 1
        return "".join(token.text for token in self._tokens[start : self._at])

    def rest(self) -> str:
        """Return what is left."""
        return "".join(token.text for token in self._tokens[self._at :])

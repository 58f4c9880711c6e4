"""Check a typed answer and propose a rating.

Both texts are normalized and tokenized; leniency makes tokens equal or leaves them out of the
comparison.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from flashcards.core.answer_text import answer_text, plain_text
from flashcards.core.cards import Card
from flashcards.core.markdown_lists import split_list

RATING_IF_RIGHT, RATING_IF_SLIP, RATING_IF_CLOSE, RATING_IF_WRONG = 4, 3, 2, 1
MIN_SLIP_SIMILARITY, MIN_CLOSE_SIMILARITY = 0.8, 0.5  # similarity (0 to 1) of a slip, and of a close answer
MAX_COMPARED_LETTERS = 4_000
MAX_COMPARED_PIECES = 160  # letters, or else words; matching is quadratic and the screen waits for it
LOOKALIKE_CHARACTERS = str.maketrans("’‘‛`´′‚‹›׳“”„‟″«»״–—−‐‑‒―־⁄", "'" * 10 + '"' * 8 + "-" * 8 + "/")
PUNCTUATION = frozenset(".,;:!?\"'()[]{}¿¡。、「」،؛؟")
ENUMERATION_MARK = re.compile(r"(?<=\d)[.,;](?= |$)")  # punctuation between numbers, or after the last one
LETTER_MARK_CLASSES = frozenset([0, 7, 8, 9])
"""Combining classes that make another letter (voiced kana, virama): not accents."""
ARTICLES = frozenset(
    re.findall(
        r"\w+",
        "the a an · der die das den dem des ein eine einen einem einer eines · le la les l un une"
        " · el los las una unos unas · il lo gli uno · um uma · de het een",
    )
)
WORDS_TO_TWENTY = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty",
)
WORDS_FOR_TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBER_WORDS = {word: str(n) for n, word in enumerate(WORDS_TO_TWENTY)} | {
    word: str(n) for n, word in zip(range(30, 100, 10), WORDS_FOR_TENS, strict=True)
}
WORD_PATTERN = re.compile(r"[-+]?(?:(?<!\w)[.,])?\d+(?:[., '\u00a0\u202f]\d+)*|\w+|\s+|.", re.DOTALL)
CHARACTER_CLUSTER = re.compile(r".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
"""A letter with its combining marks."""
GROUPED_NUMBER = re.compile(r"[-+]?\d{1,3}(?:[., '\u00a0\u202f]\d{3})+(?:[.,]\d+)?")
GROUP_SEPARATOR = re.compile(r"[., '\u00a0\u202f](?=\d{3}(?:\D|$))")
CODE_ANSWER = re.compile(r"(`+)(?!`)(?:(?!(?<!`)\1(?!`)).)+\1", re.DOTALL)


class DiffRun(NamedTuple):
    """A stretch of the given and expected text, equal or different."""

    given: str
    expected: str
    is_equal: bool


class AnswerCheck(NamedTuple):
    """A typed answer compared with a right one."""

    runs: tuple[DiffRun, ...]  # from left to right

    @property
    def is_right(self) -> bool:
        """Whether nothing differs that counts."""
        return all(run.is_equal for run in self.runs)

    @property
    def similarity(self) -> float:
        """The part of both texts that is equal, from 0 to 1."""
        same = sum(len(run.given) + len(run.expected) for run in self.runs if run.is_equal)
        total = sum(len(run.given) + len(run.expected) for run in self.runs)
        return same / total if total else 1.0

    @property
    def proposed_rating(self) -> int:
        """The rating that fits the answer."""
        if self.is_right:
            return RATING_IF_RIGHT
        # A number is right or wrong, never nearly right.
        if self.similarity >= MIN_SLIP_SIMILARITY and not any(map(str.isdigit, self.closest_answer)):
            return RATING_IF_SLIP
        return RATING_IF_CLOSE if self.similarity >= MIN_CLOSE_SIMILARITY else RATING_IF_WRONG

    @property
    def closest_answer(self) -> str:
        """The right answer that is most similar to the given one."""
        return "".join(run.expected for run in self.runs)

    @property
    def has_little_in_common(self) -> bool:
        """Whether a letter-by-letter diff would only confuse."""
        return self.proposed_rating == RATING_IF_WRONG

    @property
    def is_exact(self) -> bool:
        """Whether the answer is right without any leniency."""
        return all(run.is_equal and run.given == run.expected for run in self.runs)


class _AnswerToken(NamedTuple):
    """A piece of text and its compared form; "" is not compared."""

    text: str
    compared_as: str


def check_typed_answer(card: Card, given: str) -> AnswerCheck:
    """Check a typed answer; code must match exactly."""
    is_code = CODE_ANSWER.fullmatch(answer_text(card).strip())
    return check_answer(given, accepted_answers(card, given), () if is_code else card.answer_mode.lenient)


def accepted_answers(card: Card, given: str) -> list[str]:
    """Return all right answers; an unnumbered list may be in any order."""
    answer = answer_text(card)
    answers = [plain_text(answer), *card.answer_mode.accept]
    lead, items = split_list(answer)
    if len(items) > 1 and not lead.strip() and not any(item[0].isdigit() for item in items):
        typed_folded = given.casefold()
        listed = [plain_text(f"{item}\n") for item in items]
        places = {item: typed_folded.find(item.casefold()) % (len(typed_folded) + 1) for item in listed}
        answers.append(", ".join(sorted(listed, key=places.__getitem__)))
    return answers


def check_answer(given: str, answers: Iterable[str], leniency: Iterable[str]) -> AnswerCheck:
    """Return the check against the most similar right answer."""
    kinds = frozenset(leniency)
    checks = [_compare_answers(given, wanted, kinds) for wanted in answers]
    return max(checks, key=lambda check: (check.is_right, check.similarity))


def _compare_answers(given: str, wanted: str, leniency: frozenset[str]) -> AnswerCheck:
    if "punctuation" in leniency and not any(sign.isalpha() for sign in wanted):
        leniency = leniency - {"punctuation"} | {"enumeration"}  # in numbers and formulas every sign counts
    right = _tokenize_answer(wanted, leniency)
    if not any(token.compared_as for token in right):
        leniency -= {"articles", "accents"}
        right = _tokenize_answer(wanted, leniency)
    return AnswerCheck(tuple(_diff_runs(_tokenize_answer(given, leniency), right)))


def _tokenize_answer(text: str, leniency: frozenset[str]) -> list[_AnswerToken]:
    text = unicodedata.normalize("NFC", " ".join(text.split()))[:MAX_COMPARED_LETTERS]
    pairs = list(_normalized_characters(text))
    normalized = "".join(character for character, _ in pairs)
    tokens: list[_AnswerToken] = []
    for word in WORD_PATTERN.finditer(normalized):
        tokens += _word_tokens(word, [shown for _, shown in pairs[word.start() : word.end()]], leniency)
    return _collapse_spaces(tokens)


def _normalized_characters(text: str) -> Iterator[tuple[str, str]]:
    """Yield each character to compare with the text shown for it."""
    before = ""
    for cluster in CHARACTER_CLUSTER.findall(text):
        normalized = _normalize_character(cluster, before)
        if len(normalized) == len(cluster):
            yield from zip(normalized, cluster, strict=True)
        else:
            yield from ((character, "" if i else cluster) for i, character in enumerate(normalized))
        before = cluster


def _normalize_character(cluster: str, before: str) -> str:
    kind = unicodedata.decomposition(cluster[0]).partition(" ")[0]
    plain = unicodedata.normalize("NFKC", cluster.translate(LOOKALIKE_CHARACTERS))
    plain = plain.translate(LOOKALIKE_CHARACTERS)
    if kind == "<fraction>":
        return f" {plain}" if before.isdecimal() else plain
    if kind == "<super>":
        return plain if unicodedata.decomposition(before[:1] or " ").startswith(kind) else f"^{plain}"
    return cluster if kind == "<sub>" else plain


def _word_tokens(word: re.Match[str], shown: list[str], leniency: frozenset[str]) -> Iterator[_AnswerToken]:
    plain, is_last = word[0].casefold(), word.end() == len(word.string)
    if "articles" in leniency and plain in ARTICLES and not is_last:
        yield _AnswerToken("".join(shown), "")
    elif "numbers" in leniency and (number := _normalize_number(plain)):
        yield _AnswerToken("".join(shown), number)
    elif ("punctuation" in leniency and plain in PUNCTUATION) or (
        "enumeration" in leniency and ENUMERATION_MARK.match(word.string, word.start())
    ):
        yield _AnswerToken("".join(shown), "")
    else:
        dash = "punctuation" in leniency and plain == "-"
        for sign, text in zip(word[0], shown, strict=True):
            parts = " " if dash else _comparison_text(sign, leniency)
            yield _AnswerToken(text, parts[:1])
            yield from (_AnswerToken("", part) for part in parts[1:])  # ß is compared as ss


def _comparison_text(character: str, leniency: frozenset[str]) -> str:
    if "accents" in leniency:
        marks = unicodedata.normalize("NFD", character)
        character = "".join(part for part in marks if unicodedata.combining(part) in LETTER_MARK_CLASSES)
        character = unicodedata.normalize("NFC", character)
    return character.casefold() if "case" in leniency else character


def _normalize_number(word: str) -> str:
    """Return a number's canonical spelling; "" for other words."""
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    if not any(sign.isdecimal() for sign in word) or word.strip("+-0123456789., '\u00a0\u202f"):
        return ""
    if GROUPED_NUMBER.fullmatch(word):
        word = GROUP_SEPARATOR.sub("", word)
    whole, _, rest = word.lstrip("+-").replace(",", ".").partition(".")
    whole, rest = "-" * word.startswith("-") + (whole.lstrip("0") or "0"), rest.rstrip("0")
    return f"{whole}.{rest}" if rest else whole


def _collapse_spaces(tokens: list[_AnswerToken]) -> list[_AnswerToken]:
    """Compare one space between words, and none at either end."""
    collapsed: list[_AnswerToken] = []
    before = " "
    for token in tokens:
        double = token.compared_as == " " == before
        collapsed.append(_AnswerToken(token.text, "") if double else token)
        before = token.compared_as or before
    for i in reversed(range(len(collapsed))):
        if collapsed[i].compared_as == " ":
            collapsed[i] = _AnswerToken(collapsed[i].text, "")
        if collapsed[i].compared_as:
            break
    return collapsed


def _diff_runs(given: list[_AnswerToken], wanted: list[_AnswerToken]) -> list[DiffRun]:
    """Return the runs; uncompared tokens join the run around them."""
    ours, theirs = ([token.compared_as for token in side if token.compared_as] for side in (given, wanted))
    runs = [DiffRun(_take(given, i), _take(wanted, j), same) for same, i, j in _align_texts(ours, theirs)]
    if given or wanted:
        runs.append(DiffRun(_take(given, 0), _take(wanted, 0), is_equal=True))
    return runs


def _take(tokens: list[_AnswerToken], count: int) -> str:
    """Remove and return the text of the first `count` compared tokens."""
    end = 0
    while count or (end < len(tokens) and not tokens[end].compared_as):
        count -= bool(tokens[end].compared_as)
        end += 1
    taken = "".join(token.text for token in tokens[:end])
    del tokens[:end]
    return taken


def _align_texts(ours: list[str], theirs: list[str]) -> Iterator[tuple[bool, int, int]]:
    """Yield (is equal, length of ours, length of theirs), left to right."""
    head = _common_prefix_length(ours, theirs)
    tail = _common_prefix_length(ours[head:][::-1], theirs[head:][::-1])
    if head:
        yield True, head, head
    yield from _align_middle(ours[head : len(ours) - tail], theirs[head : len(theirs) - tail])
    if tail:
        yield True, tail, tail


def _align_middle(ours: list[str], theirs: list[str]) -> Iterator[tuple[bool, int, int]]:
    for split in (lambda signs: [(sign,) for sign in signs], _split_words):
        pieces, others = split(ours), split(theirs)
        if max(len(pieces), len(others)) <= MAX_COMPARED_PIECES:
            matcher = SequenceMatcher(None, pieces, others, autojunk=False)
            for kind, i1, i2, j1, j2 in matcher.get_opcodes():
                yield kind == "equal", sum(map(len, pieces[i1:i2])), sum(map(len, others[j1:j2]))
            return
    yield False, len(ours), len(theirs)


def _common_prefix_length(ours: list[str], theirs: list[str]) -> int:
    pairs = zip(ours, theirs, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))


def _split_words(texts: list[str]) -> list[tuple[str, ...]]:
    words: list[list[str]] = [[]]
    for sign in texts:
        words[-1].append(sign)
        if sign == " ":
            words.append([])
    return [tuple(word) for word in words if word]

"""Guess the encoding of a text that is not UTF-8.

Candidates are scored by their letters: of one script and one language, lower case inside words, frequent
ones often. charset-normalizer often misses the right encoding (KOI8-R, EUC-KR) of texts as short as decks.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise

SINGLE_BYTE_ENCODINGS = (
    "cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257", "mac_roman", "cp850", "cp1251", "koi8_r", "cp866",
    "iso8859_5", "mac_cyrillic", "cp1253", "cp1255", "cp1256", "cp874",
)  # fmt: skip
RARE_ENCODINGS = frozenset({"iso8859_2", "mac_roman", "cp850", "cp866", "iso8859_5", "mac_cyrillic"})
COMMON_LEAD_BYTES = {  # the first bytes of common characters, in the encoding named
    "cp932": ("euc_jp", 0xB0, 0xCF),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "cp949": ("euc_kr", 0xB0, 0xC8),
}
NO_ACCIDENT = {"cp949": 5, "euc_jp": 15}
"""With this many letters, a text of only common ones is no accident: these ranges are narrow."""
JAPANESE_ENCODINGS = ("cp932", "euc_jp")
LATIN_ALPHABETS = (  # the letters of each language besides a to z
    "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "ãáàâçéêíóôõúü", "àèéìíòóùú", "ąćęłńóśźż", "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîșțşţ", "çğıöşüâîİ", "åäöéü", "åæøéèòô", "áðéíóúýþæö",
    "āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž", "àçèéíïòóúü·", "áàâäéèêëíìîïóòôöúùûüĳ",
)  # fmt: skip
FREQUENT_LETTERS = {
    "CYRILLIC": ("оеаинтсрвлкм", "оаиінвтерслк", "аиоенрстјукв", "аиоентрсвлкд"),
    "GREEK": ("αοιετσνρκπςμήίόάλ",),
    "HEBREW": ("יוהלאתרבמשנדח",),
    "ARABIC": ("اليمونرتبةعدسفه",),
    "THAI": ("านรอกเงมยลวดทสตะปบค่้ีิัแ",),
}
WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0e30-\u0e4e][^\W\d_]*)*")
TYPOGRAPHY = frozenset("“”„‘’‚«»‹›–—…·•°€£§©®×÷½¼¾¿¡ºª²³±µ→™\xa0、。「」『』・，．：；？！（）〜～ー　")
INSIDE_WORD = re.compile(r"(?<=[^\W\d_])[“”„‘‚«»‹›–—…•·°€£§©®×÷½¼¾¿¡²³±µ→™](?=[^\W\d_])")
BETWEEN_ASCII = re.compile(r"(?<=[a-z])[^\x00-\x7f]{1,2}(?=[a-z])")
SAMPLE_BYTES = 1 << 15
MIN_SCORE, MIN_LEAD, RARITY = 0.5, 0.02, 0.03


def choose_encoding(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the best encoding, "" if unclear, and the close candidates."""
    sample = data[:SAMPLE_BYTES]
    if len(data) > SAMPLE_BYTES:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    scores: dict[str, tuple[float, str]] = {}
    for encoding in (*SINGLE_BYTE_ENCODINGS, *COMMON_LEAD_BYTES):
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        scores[encoding] = _score(text, encoding) - RARITY * (encoding in RARE_ENCODINGS), text
    ranked = sorted(scores, key=lambda name: -scores[name][0])
    if not ranked or scores[ranked[0]][0] < MIN_SCORE:
        return "", tuple(ranked[:2])
    best, text = scores[ranked[0]]
    rivals = [name for name in ranked if scores[name][1] != text and best - scores[name][0] < MIN_LEAD]
    latin = all(name in SINGLE_BYTE_ENCODINGS[:7] for name in (ranked[0], *rivals))
    return (ranked[0] if latin or not rivals else ""), (ranked[0], *rivals)


def _score(text: str, encoding: str) -> float:
    """Score from 0 to 1 how much of the non-ASCII text makes sense."""
    foreign = [letter for letter in text if letter > "\x7f"]
    letters = [letter for letter in foreign if letter not in TYPOGRAPHY]
    inside = len(INSIDE_WORD.findall(text))
    if not letters:
        return 1.0 if foreign and not inside else 0.0
    stray = inside + sum(unicodedata.category(letter)[0] not in "LM" for letter in letters)
    if encoding in COMMON_LEAD_BYTES:
        sense = sum(_commonness(letter, encoding) for letter in letters) - len(BETWEEN_ASCII.findall(text))
        return sense / len(letters) + 2 * MIN_LEAD * (
            sense == len(letters) >= NO_ACCIDENT.get(encoding, len(text))
        )
    words = [word for word in WORD.findall(text) if not word.isascii()]
    whole = sum(map(_word_sense, words)) / len(words) if words else 0.0
    return whole * _language_sense(words) * (1 - stray / len(letters))


def _commonness(letter: str, encoding: str) -> float:
    """Return how likely a character is in the encoding's language."""
    if "\uff61" <= letter <= "\uff9f":
        return 0.0
    if "\u3041" <= letter <= "\u30fe":
        return 1.0 if encoding in JAPANESE_ENCODINGS else 0.0
    standard, first, last = COMMON_LEAD_BYTES[encoding]
    try:
        lead = letter.encode(standard)[0]
    except UnicodeEncodeError:
        return 0.0
    return 1.0 if first <= lead <= last else 0.3


def _word_sense(word: str) -> float:
    """Return 1 for a lower-case word of one script, less for odd ones."""
    if len({_script(letter) for letter in word} - {"COMBINING"}) > 1:
        return 0.0
    if word[1:] == word[1:].lower():
        return 1.0
    return 0.9 if word.isupper() else 0.2


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _language_sense(words: list[str]) -> float:
    """Return how well the letters fit the best matching language."""
    letters = [letter for word in words for letter in word.lower() if letter > "\x7f"]
    if not letters:
        return 0.0
    ((script, _),) = Counter(map(_script, letters)).most_common(1)
    if script == "LATIN":
        fits = max(sum(letter in alphabet for letter in letters) for alphabet in LATIN_ALPHABETS)
        return 0.9 * fits / len(letters) + 0.1 * _alternation(words)
    shares = [sum(letter in best for letter in letters) for best in FREQUENT_LETTERS.get(script, ("",))]
    return min(1.0, max(shares) / len(letters) / 0.7)


def _alternation(words: list[str]) -> float:
    """Return how often a non-ASCII letter alternates between vowel and consonant."""
    pairs = [pair for word in words for pair in pairwise(word) if not "".join(pair).isascii()]
    differing = sum(_is_vowel(one) != _is_vowel(other) for one, other in pairs)
    return differing / len(pairs) if pairs else 0.5


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter)[0].lower() in "aeiouyæøœı"

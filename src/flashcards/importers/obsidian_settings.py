"""The notation of cards in notes: the default, or a vault's settings."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SETTINGS_FILE = ".obsidian/plugins/obsidian-spaced-repetition/data.json"
HIGHLIGHT_SIGN, ANKI_SIGN, BOLD_SIGN, CURLY_SIGN = "==", "{{c1::", "**", "{{"
HIGHLIGHT_PATTERN = re.compile(r"==(?=[^\s=])(?P<body>(?:(?!==)[^\n])+?)(?<=\S)==")
HINT_OR_GROUP = r"(?:\^\[(?P<hint>[^\]\n]*)\]|\[\^(?P<group>\w+)\])*"
GAP_PATTERNS = {  # each sign's pattern
    HIGHLIGHT_SIGN: re.compile(HIGHLIGHT_PATTERN.pattern + HINT_OR_GROUP),
    ANKI_SIGN: re.compile(r"\{\{c(?P<body>\d{1,3}::[^{}\n]+)\}\}(?P<hint>)(?P<group>)"),
    BOLD_SIGN: re.compile(r"\*\*(?=[^\s*])(?P<body>[^*\n]+?)(?<=\S)\*\*" + HINT_OR_GROUP),
    CURLY_SIGN: re.compile(r"\{\{(?=[^\s{}])(?P<body>[^{}\n]+?)(?<=\S)\}\}" + HINT_OR_GROUP),
}
CONVERTED_SIGNS = {
    "convertHighlightsToClozes": HIGHLIGHT_SIGN,
    "convertBoldTextToClozes": BOLD_SIGN,
    "convertCurlyBracketsToClozes": CURLY_SIGN,
}
USUAL_TAGS = ("#flashcards", "#flashcard")
USUAL_INLINE, USUAL_BETWEEN_LINES = {"::": None, ":::": True}, {"?": None, "??": True}


def _separator_pattern(signs: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of separators, code and gaps, which are skipped whole."""
    found = sorted(signs, key=len, reverse=True)
    ends = [re.escape(sign[0]) if len(set(sign)) == 1 else "(?!)" for sign in found]
    alone = (f"(?<!{end}){re.escape(sign)}(?!{end})" for sign, end in zip(found, ends, strict=True))
    return re.compile("|".join([r"`[^`]*`|\{\{[^{}\n]*\}\}", *alone]))


def _tag_pattern(tags: Iterable[str]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, tags)) or "(?!)"
    return re.compile(rf"(?<![\w&/])(?:{named})(?:/[^\s#]*)?(?![\w-])")


USUAL_SEPARATORS = _separator_pattern(USUAL_INLINE)
USUAL_TAG_PATTERN, NO_TAG_PATTERN = _tag_pattern(USUAL_TAGS), _tag_pattern(())


@dataclass(frozen=True, slots=True)
class CardSigns:
    """The notation of one-line cards, longer cards and gaps."""

    inline: Mapping[str, bool | None] = field(default_factory=lambda: USUAL_INLINE)
    """What parts front and back on a line; True asks both ways."""
    separators: re.Pattern[str] = USUAL_SEPARATORS
    between_lines: Mapping[str, bool | None] = field(default_factory=lambda: USUAL_BETWEEN_LINES)
    end_line: str = ""  # the line that ends a card of several lines; "": an empty line
    gaps: tuple[str, ...] = (HIGHLIGHT_SIGN, ANKI_SIGN)
    are_gaps_set: bool = False  # whether these marks alone are gaps, or more may be where a schedule says so
    unread_gaps: tuple[str, ...] = ()  # patterns of gaps that are not read here
    tags: re.Pattern[str] = USUAL_TAG_PATTERN
    are_tags_required: bool = False  # whether notes without such a tag have no cards
    ignored_tags: re.Pattern[str] = NO_TAG_PATTERN
    decks_by_folder: bool = False

    def has_gap(self, text: str) -> bool:
        """Tell whether a text has a gap."""
        return any(GAP_PATTERNS[sign].search(text) for sign in self.gaps)


USUAL_SIGNS = CardSigns()


def read_signs(settings: bytes) -> CardSigns:
    """Return the notation of the plug-in's settings, with defaults."""
    try:
        said: dict[str, Any] = json.loads(settings)["settings"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return USUAL_SIGNS

    def sign(name: str, usual: str) -> str:
        return own if isinstance(own := said.get(name), str) else usual

    def pair(kind: str, one: str, both: str) -> dict[str, bool | None]:
        signs = {sign(f"{kind}CardSeparator", one): None, sign(f"{kind}ReversedCardSeparator", both): True}
        return {text: both_ways for text, both_ways in signs.items() if text.strip()}

    inline, found = pair("singleLine", "::", ":::"), said.get("clozePatterns")
    patterns = [f"{gap}answer" for name, gap in CONVERTED_SIGNS.items() if said.get(name, gap == "==")]
    patterns = [text for text in found if isinstance(text, str)] if isinstance(found, list) else patterns
    leads = {text: re.split(r"\[|answer", text, maxsplit=1)[0].strip() for text in patterns}
    tags, ignored = (
        [tag for tag in said.get(name) or () if isinstance(tag, str) and tag[:1] == "#"]
        for name in ("flashcardTags", "flashcardTagsToIgnore")
    )
    by_folder = said.get("convertFoldersToDecks")
    return CardSigns(
        inline=inline, separators=_separator_pattern(inline),
        between_lines={text.strip(): both for text, both in pair("multiline", "?", "??").items()},
        end_line=sign("multilineCardEndMarker", "").strip(),
        gaps=(*dict.fromkeys(lead for lead in leads.values() if lead in GAP_PATTERNS), ANKI_SIGN),
        are_gaps_set=bool({"clozePatterns", *CONVERTED_SIGNS} & said.keys()),
        unread_gaps=tuple(text for text, lead in leads.items() if lead not in GAP_PATTERNS),
        tags=_tag_pattern(tags or USUAL_TAGS), are_tags_required=bool(tags) and by_folder is False,
        ignored_tags=_tag_pattern(ignored), decks_by_folder=by_folder is True,
    )  # fmt: skip

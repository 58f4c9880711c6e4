"""The signs that make cards in notes: the usual ones, or those that a vault's settings name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

SETTINGS_FILE = ".obsidian/plugins/obsidian-spaced-repetition/data.json"
HIGHLIGHT_SIGN, ANKI_SIGN, BOLD_SIGN, CURLY_SIGN = "==", "{{c1::", "**", "{{"
HIGHLIGHT_PATTERN = re.compile(r"==(?=[^\s=])(?P<body>(?:(?!==)[^\n])+?)(?<=\S)==")
HINT_OR_GROUP = r"(?:\^\[(?P<hint>[^\]\n]*)\]|\[\^(?P<group>\w+)\])*"
GAP_PATTERNS = {
    HIGHLIGHT_SIGN: re.compile(HIGHLIGHT_PATTERN.pattern + HINT_OR_GROUP),
    ANKI_SIGN: re.compile(r"\{\{c(?P<body>\d{1,3}::[^{}\n]+)\}\}(?P<hint>)(?P<group>)"),
    BOLD_SIGN: re.compile(r"\*\*(?=[^\s*])(?P<body>[^*\n]+?)(?<=\S)\*\*" + HINT_OR_GROUP),
    CURLY_SIGN: re.compile(r"\{\{(?=[^\s{}])(?P<body>[^{}\n]+?)(?<=\S)\}\}" + HINT_OR_GROUP),
}
"""Each sign's pattern."""
CONVERTED_SIGNS = {
    "convertHighlightsToClozes": HIGHLIGHT_SIGN,
    "convertBoldTextToClozes": BOLD_SIGN,
    "convertCurlyBracketsToClozes": CURLY_SIGN,
}
USUAL_TAGS = ("#flashcards", "#flashcard")


@dataclass(frozen=True)
class CardSigns:
    """What makes a card of a line, of several lines, and of a sentence with gaps."""

    inline: Mapping[str, bool | None] = field(default_factory=lambda: {"::": None, ":::": True})
    """What parts front and back on a line; True asks both ways."""
    between_lines: Mapping[str, bool | None] = field(default_factory=lambda: {"?": None, "??": True})
    end_line: str = ""
    """The line that ends a card of several lines; "": an empty line."""
    gaps: tuple[str, ...] = (HIGHLIGHT_SIGN, ANKI_SIGN)
    are_gaps_set: bool = False
    """Whether these marks alone are gaps, or more may be where a schedule says so."""
    tags: tuple[str, ...] = USUAL_TAGS
    are_tags_required: bool = False
    """Whether notes without such a tag have no cards."""
    ignored_tags: tuple[str, ...] = ()
    decks_by_folder: bool = False
    unread: tuple[str, ...] = ()
    """Patterns of gaps that are not read here."""

    @cached_property
    def separators(self) -> re.Pattern[str]:
        """What may part a question from its answer; code and gaps are passed over, whole."""
        longest_first = sorted(self.inline, key=len, reverse=True)
        return re.compile("|".join([r"`[^`]*`|\{\{[^{}\n]*\}\}", *map(_alone, longest_first)]))

    @cached_property
    def tag_pattern(self) -> re.Pattern[str]:
        """The tags of notes with cards."""
        return _tag_pattern(self.tags)

    @cached_property
    def ignored_pattern(self) -> re.Pattern[str]:
        """The tags of notes whose cards are not asked."""
        return _tag_pattern(self.ignored_tags)

    def has_gap(self, text: str) -> bool:
        """Tell whether a text has a gap."""
        return any(GAP_PATTERNS[sign].search(text) for sign in self.gaps)


USUAL_SIGNS = CardSigns()


def _alone(sign: str) -> str:
    """Return the pattern of a sign; of three colons two are none."""
    repeated = re.escape(sign[0]) if len(set(sign)) == 1 else ""
    return f"(?<!{repeated}){re.escape(sign)}(?!{repeated})" if repeated else re.escape(sign)


def _tag_pattern(tags: Sequence[str]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, tags)) or "(?!)"
    return re.compile(rf"(?<![\w&/])(?:{named})(?:/[^\s#]*)?(?![\w-])")


def read_signs(settings: bytes) -> CardSigns:
    """Return the signs that settings of the plug-in name; the usual where they name none."""
    try:
        said: dict[str, Any] = json.loads(settings)["settings"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return USUAL_SIGNS

    def sign(name: str, usual: str) -> str:
        return own if isinstance(own := said.get(name), str) else usual

    def pair(kind: str, one: str, both: str) -> dict[str, bool | None]:
        signs = {sign(f"{kind}CardSeparator", one): None, sign(f"{kind}ReversedCardSeparator", both): True}
        return {text: both_ways for text, both_ways in signs.items() if text.strip()}

    found = said.get("clozePatterns")
    patterns = [f"{gap}answer" for name, gap in CONVERTED_SIGNS.items() if said.get(name, gap == "==")]
    patterns = [text for text in found if isinstance(text, str)] if isinstance(found, list) else patterns
    leads = {text: re.split(r"\[|answer", text, maxsplit=1)[0].strip() for text in patterns}
    tags, ignored = (
        tuple(tag for tag in said.get(name) or () if isinstance(tag, str) and tag[:1] == "#")
        for name in ("flashcardTags", "flashcardTagsToIgnore")
    )
    by_folder = said.get("convertFoldersToDecks")
    return CardSigns(
        inline=pair("singleLine", "::", ":::"),
        between_lines={text.strip(): both for text, both in pair("multiline", "?", "??").items()},
        end_line=sign("multilineCardEndMarker", "").strip(),
        gaps=(*dict.fromkeys(lead for lead in leads.values() if lead in GAP_PATTERNS), ANKI_SIGN),
        are_gaps_set=bool({"clozePatterns", *CONVERTED_SIGNS} & said.keys()),
        tags=tags or USUAL_TAGS,
        are_tags_required=bool(tags) and by_folder is False,
        ignored_tags=ignored,
        decks_by_folder=by_folder is True,
        unread=tuple(text for text, lead in leads.items() if lead not in GAP_PATTERNS),
    )

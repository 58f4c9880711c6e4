"""Sounds that cards name, and the first bytes of sound files."""

import re
from collections.abc import Iterator

SOUND_NAME = (
    r"(?is)(?![a-z][a-z0-9+.-]*:).+\.(?:mp3|wav|ogg|oga|opus|spx|flac|m4a|aac|aiff?|mka|webm|mp4|3gp|caf)"
)
SOUND_TAG = r"\[sound:([^\[\]\n]+)\]"  # as Anki writes it
SOUND_MARK = "♪ "
REFERENCE = (
    rf"!?\[(?:(?<=!\[)|(?={SOUND_MARK}))(?:\\.|[^\]\\\n])*\]\(\s*(?:<([^<>\n]*)>|([^\s()]+))|{SOUND_TAG}"
)
FIRST_BYTES = (
    rb"(?s)\0*?(?:OggS|fLaC|caff|\x1aE\xdf\xa3|RIFF.{4}WAVE|FORM.{4}AIF[FC]|\0\0\0.ftyp"
    rb"|\xff[\xe2\xe3\xf0-\xf3\xf8-\xfb])"
)
"""Ogg, FLAC, CAF, Matroska, WAV, AIFF, MP4; MP3 and AAC without an ID3 tag."""
ID3_TAG = b"ID3"
ID3_HEADER_BYTES = 10


def is_sound_name(source: str) -> bool:
    """Tell whether the target of a link is a sound file."""
    return re.fullmatch(SOUND_NAME, source) is not None


def sound_sources(markdown: str) -> Iterator[str]:
    """Yield the file names of the sounds in a text."""
    for match in re.finditer(REFERENCE, markdown) if "[" in markdown else ():
        if is_sound_name(source := match[1] or match[2] or match[3] or ""):
            yield source


def id3_tag_length(head: bytes) -> int:
    """Return the length of the ID3 tag at the start; 0 for none."""
    if len(head) < ID3_HEADER_BYTES or not head.startswith(ID3_TAG):
        return 0
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    return ID3_HEADER_BYTES * (2 if head[5] & 0x10 else 1) + size  # with a footer

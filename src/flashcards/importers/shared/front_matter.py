"""Read TOML or YAML front matter of Markdown."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

FRONT_MATTER_FENCES = ("---", "+++")
MAX_LINES = 300
NAME_VALUE = re.compile(r"([\w -]{1,60})\s*[:=]\s*(.*)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Names and values, and the number of lines they take."""

    values: Mapping[str, object] = field(default_factory=dict)
    line_count: int = 0

    def first_text(self, *names: str) -> str:
        """Return the first of these values that is text, or ""."""
        found = (self.values.get(name) for name in names)
        return next((" ".join(value.split()) for value in found if isinstance(value, str)), "")

    def word_list(self, name: str) -> tuple[str, ...]:
        """Return a list value, or text split at commas and spaces."""
        value = self.values.get(name, ())
        parts = re.split(r"[,\s]+", value) if isinstance(value, str) else value
        if not isinstance(parts, list | tuple):
            return ()
        return tuple(str(part).strip() for part in parts if str(part).strip())


def read_front_matter(lines: list[str]) -> FrontMatter:
    """Read the front matter, if the first line is a rule."""
    if not lines or (fence := lines[0].strip()) not in FRONT_MATTER_FENCES:
        return FrontMatter()
    for end in range(1, min(len(lines), MAX_LINES)):
        if lines[end].strip() == fence:
            inner = lines[1:end]
            if fence == "---" and any(line.startswith(("Q:", "C:")) for line in inner):
                return FrontMatter()
            return FrontMatter(_parse_values(inner), end + 1)
    return FrontMatter()


def _parse_values(lines: list[str]) -> Mapping[str, object]:
    try:
        return tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):  # also of a number with thousands of digits
        return _parse_pairs(lines)


def _parse_pairs(lines: list[str]) -> dict[str, object]:
    """Parse "name: value" lines and lists, ignoring everything else."""
    values: dict[str, object] = {}
    name = ""
    for line in lines:
        if (item := re.fullmatch(r"\s*-\s+(.+)", line)) and name:
            listed = values.get(name)
            values[name] = [*(listed if isinstance(listed, list) else []), _remove_quotes(item[1])]
        elif found := NAME_VALUE.fullmatch(line):
            name, value = found[1].strip(), found[2].strip()
            inner = re.fullmatch(r"\[(.*)\]", value)
            values[name] = (
                [_remove_quotes(part) for part in inner[1].split(",")] if inner else _remove_quotes(value)
            )
    return values


def _remove_quotes(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text

"""Parse an org file into headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

HEADING_LINE = re.compile(r"(\*{1,99})[ \t]+(.*)")
HEADING_TAGS = re.compile(r"(?:^|[ \t]):((?:[\w@#%]+:)+)$")
TODO_KEYWORD = re.compile(r"(?:TODO|DONE|NEXT|WAITING|CANCELLED|STARTED)(?=\s|$)\s*")
PRIORITY_COOKIE = re.compile(r"\[#[A-Z0-9]\]\s*")
DRAWER_LINE = re.compile(r"\s*:([\w-]+):\s*")
PROPERTY_LINE = re.compile(r"\s*:([\w+-]+):(?:\s+(.*))?")
PLANNING_LINE = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED):")
SCHEDULED_DATE = re.compile(r"SCHEDULED:\s*<(\d{4}-\d{2}-\d{2})")
MAX_DEPTH = 99


@dataclass(slots=True)
class OrgHeading:
    """A heading with its metadata, text and children."""

    line: int
    level: int
    title: str
    tags: tuple[str, ...]
    properties: dict[str, str] = field(default_factory=dict)
    scheduled: str = ""
    drawers: dict[str, list[str]] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    children: list[OrgHeading] = field(default_factory=list)

    def property_value(self, name: str) -> str:
        """Return a property's value, or ""."""
        return self.properties.get(name, "")

    def descendants(self, but: Callable[[OrgHeading], bool]) -> Iterator[OrgHeading]:
        """Yield the headings below it in order, without subtrees for which `but` holds."""
        waiting = list(reversed(self.children))
        while waiting:
            heading = waiting.pop()
            if but(heading):
                continue
            yield heading
            waiting.extend(reversed(heading.children))


def parse_headings(lines: list[str]) -> Iterator[OrgHeading]:
    """Yield every heading in order, once its subtree is read."""
    headings: list[OrgHeading] = []
    open_headings: list[OrgHeading] = []
    block = False
    drawer: list[str] | None = None
    for number, line in enumerate(lines, 1):
        lower = line.lstrip()[:8].casefold()
        if lower.startswith(("#+begin_", "#+end_")):
            block = lower.startswith("#+begin_")
        started = None if block else HEADING_LINE.fullmatch(line.rstrip())
        if started:
            heading = _parse_heading(number, started)
            while open_headings and open_headings[-1].level >= heading.level:
                open_headings.pop()
            if open_headings:
                open_headings[-1].children.append(heading)
            open_headings.append(heading)
            headings.append(heading)
            drawer = None
        elif open_headings:
            drawer = _add_line(open_headings[-1], line, drawer, block=block)
    yield from headings


def _parse_heading(number: int, started: re.Match[str]) -> OrgHeading:
    title = started[2].strip()
    tags = HEADING_TAGS.search(title)
    if tags:
        title = title[: tags.start()].rstrip()
    title = PRIORITY_COOKIE.sub("", TODO_KEYWORD.sub("", title, count=1), count=1)
    named = tuple(part for part in tags[1].split(":") if part) if tags else ()
    return OrgHeading(number, len(started[1]), title.strip(), named)


def _add_line(heading: OrgHeading, line: str, drawer: list[str] | None, *, block: bool) -> list[str] | None:
    """Add a line to a heading; return the drawer open after it."""
    found = None if block else DRAWER_LINE.fullmatch(line)
    if drawer is not None:
        if found and found[1].upper() == "END":
            return None
        drawer.append(line)
        if drawer is heading.drawers.get("PROPERTIES") and (prop := PROPERTY_LINE.fullmatch(line)):
            heading.properties[prop[1].upper()] = (prop[2] or "").strip()
        return drawer
    if found and found[1].upper() != "END":
        return heading.drawers.setdefault(found[1].upper(), [])
    if PLANNING_LINE.match(line) and not heading.body:
        scheduled = SCHEDULED_DATE.search(line)
        heading.scheduled = scheduled[1] if scheduled else heading.scheduled
        return None
    heading.body.append(line)
    return None

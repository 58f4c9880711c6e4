"""Where the marks of a chart stand: plain numbers, which the page's template draws as SVG.

No charting library: those at hand bring scripts or styles of their own into each drawing, and no
table beside it. What is here is arithmetic; all text reaches the page through the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flashcards.html_report.format import brief

WIDTH, HEIGHT = 400, 190
"""The drawing of a usual chart, in its own units: a phone shows it at its size."""
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 22, 26
"""Room around the marks for what is written there."""
GAP = 0.2
"""Part of a bar's place that stays empty."""
FEW = 12
"""Marks up to which each can be reached with the keyboard."""
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Box:
    """A bar or a day."""

    x: float
    y: float
    width: float
    height: float
    look: str
    title: str


@dataclass(frozen=True, slots=True)
class Path:
    """A line or an area, as points "x,y x,y"."""

    points: str
    look: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A share, and the range that it lies in."""

    x: float
    y: float
    high: float
    low: float
    title: str


@dataclass(frozen=True, slots=True)
class Word:
    """Something written in a chart; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    look: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and what it shows in words."""

    name: str
    title: str
    summary: str
    width: float = WIDTH
    height: float = HEIGHT
    rules: Sequence[float] = ()
    """Heights of the lines across."""
    areas: Sequence[Path] = ()
    boxes: Sequence[Box] = ()
    lines: Sequence[Path] = ()
    dots: Sequence[Dot] = ()
    words: Sequence[Word] = field(default=())
    few: bool = False
    """Whether there are so few marks that each can be reached with the keyboard."""


@dataclass(frozen=True, slots=True)
class Column:
    """A bar to be: what stands below it, how high it is, what it says, how it looks."""

    label: str
    value: float
    title: str
    look: str = "bar"
    told: str = ""
    """What is written above it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A share to be: from 0 to 1, with its range; None where nothing was tested."""

    label: str
    value: float | None
    low: float = 0
    high: float = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The area of the marks, for values from `least` to `most`, of so many places."""

    most: float
    places: int
    least: float = 0
    width: float = WIDTH
    height: float = HEIGHT

    def y(self, value: float) -> float:
        """Return the height of a value; what is beyond the frame stays at its edge."""
        room = self.height - TOP - BOTTOM
        part = (value - self.least) / ((self.most - self.least) or 1)
        return round(TOP + room * (1 - min(1, max(0, part))), 1)

    def x(self, place: float) -> float:
        """Return where the middle of a place is, counted from 0."""
        return round(LEFT + (self.width - LEFT - RIGHT) * (place + 0.5) / max(1, self.places), 1)

    @property
    def place(self) -> float:
        """The width of a place."""
        return (self.width - LEFT - RIGHT) / max(1, self.places)


def round_top(most: float) -> tuple[float, float]:
    """Return a round number at or above `most`, and the step to it in three or four parts."""
    step = 1.0
    while True:
        for factor in STEPS:
            size = step * factor
            if size * 4 >= most and (size >= 1 or most < 1):
                return size * -(-most // size) if most else size, size
        step *= 10


def scale(frame: Frame, step: float, *, share: bool = False) -> tuple[list[float], list[Word]]:
    """Return the lines across a frame, and what is written at their left."""
    rules, words = [], []
    count = round((frame.most - frame.least) / step)
    for i in range(count + 1):
        value = frame.least + i * step
        y = frame.y(value)
        rules.append(y)
        text = f"{value:.0%}" if share else brief(value)
        words.append(Word(LEFT - 6, y + 4, text, "end", "tick"))
    return rules, words


def below(frame: Frame, labels: Sequence[str]) -> list[Word]:
    """Return what is written below the places."""
    return [
        Word(frame.x(i), frame.height - 8, label, look="tick")
        for i, label in enumerate(labels)
        if label
    ]


def bars(name: str, title: str, summary: str, columns: Sequence[Column]) -> Chart:
    """Return a chart of bars."""
    top, step = round_top(max((column.value for column in columns), default=0))
    frame = Frame(top, len(columns))
    rules, words = scale(frame, step)
    boxes = []
    for i, column in enumerate(columns):
        y = frame.y(column.value)
        if column.value:
            y = min(y, frame.y(0) - 1)  # something is never nothing
        wide = frame.place * (1 - GAP)
        x = round(frame.x(i) - wide / 2, 1)
        tall = round(frame.y(0) - y, 1)
        boxes.append(Box(x, y, round(wide, 1), tall, column.look, column.title))
        if column.told:
            at = (x, "start") if i == 0 and len(columns) > FEW else (frame.x(i), "middle")
            words.append(Word(at[0], y - 5, column.told, at[1], "value"))
    words += below(frame, [column.label for column in columns])
    return Chart(name, title, summary, rules=rules, boxes=boxes, words=words, few=len(boxes) <= FEW)


def shares(name: str, title: str, summary: str, points: Sequence[Point], *, joined: bool) -> Chart:
    """Return a chart of shares with their ranges: joined to a line with a band, or apart."""
    least = _floor(points)
    frame = Frame(1, len(points), least)
    rules, words = scale(frame, 0.1 if least >= 0.5 else 0.2, share=True)
    words += below(frame, [point.label for point in points])
    dots = [
        Dot(frame.x(i), frame.y(p.value), frame.y(p.high), frame.y(p.low), p.title)
        for i, p in enumerate(points)
        if p.value is not None
    ]
    runs = _runs(frame, points) if joined else []
    chart = Chart(name, title, summary, rules=rules, words=words, few=len(points) <= FEW, dots=dots)
    if not joined:
        return chart
    return replace(
        chart,
        few=False,
        areas=[
            Path(f"{_points(run, high=True)} {_points(run[::-1], low=True)}", "band")
            for run in runs
            if len(run) > 1
        ],
        lines=[Path(_points(run), "line") for run in runs if len(run) > 1],
    )


def _floor(points: Sequence[Point]) -> float:
    """Return where the scale of shares begins: some way below the least; ranges may go beyond."""
    least = min((point.value for point in points if point.value is not None), default=0)
    tenths = max(0, (round(least * 100) - 5) // 10)
    return (tenths if tenths >= 5 else tenths // 2 * 2) / 10


def _runs(frame: Frame, points: Sequence[Point]) -> list[list[Dot]]:
    """Return the stretches of points without a gap."""
    found: list[list[Dot]] = [[]]
    for i, p in enumerate(points):
        if p.value is None:
            found.append([])
        else:
            found[-1].append(Dot(frame.x(i), frame.y(p.value), frame.y(p.high), frame.y(p.low), ""))
    return [run for run in found if run]


def _points(run: Sequence[Dot], *, high: bool = False, low: bool = False) -> str:
    return " ".join(f"{dot.x},{dot.high if high else dot.low if low else dot.y}" for dot in run)

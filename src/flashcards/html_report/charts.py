"""Lay out the charts of the report as SVG coordinates.

No charting library: those at hand bring scripts or styles of their own into each drawing, and no
table beside it. What is here is arithmetic; all text reaches the page through the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flashcards.html_report.format import format_short_number

CHART_WIDTH, CHART_HEIGHT = 400, 190
"""The drawing of a usual chart, in its own units: a phone shows it at its size."""
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 40, 8, 22, 26
"""Room around the marks for what is written there."""
BAR_GAP_RATIO = 0.2
"""Part of a bar's place that stays empty."""
MAX_FOCUSABLE_MARKS = 12
"""Marks up to which each can be reached with the keyboard."""
CHARACTER_WIDTH, LINE_HEIGHT = 8, 15
"""Room that a character of a label takes at most, in units of the drawing."""
ROUND_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class ChartBox:
    """A bar or a day."""

    x: float
    y: float
    width: float
    height: float
    css_class: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class ChartPath:
    """A line or an area, as points "x,y x,y"."""

    points: str
    css_class: str


@dataclass(frozen=True, slots=True)
class RangeDot:
    """A share, and the range that it lies in."""

    x: float
    y: float
    y_high: float
    y_low: float
    tooltip: str


@dataclass(frozen=True, slots=True)
class ChartLabel:
    """Something written in a chart; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    css_class: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and what it shows in words."""

    name: str
    title: str
    summary: str
    width: float = CHART_WIDTH
    height: float = CHART_HEIGHT
    grid_lines: Sequence[float] = ()
    """Heights of the lines across."""
    areas: Sequence[ChartPath] = ()
    boxes: Sequence[ChartBox] = ()
    lines: Sequence[ChartPath] = ()
    dots: Sequence[RangeDot] = ()
    labels: Sequence[ChartLabel] = field(default=())
    is_focusable: bool = False
    """Whether there are so few marks that each can be reached with the keyboard."""


@dataclass(frozen=True, slots=True)
class BarInput:
    """A bar to be: what stands below it, how high it is, what it says, how it looks."""

    label: str
    value: float
    tooltip: str
    css_class: str = "bar"
    value_label: str = ""
    """What is written above it."""


@dataclass(frozen=True, slots=True)
class ProportionInput:
    """A share to be: from 0 to 1, with its range; None where nothing was tested."""

    label: str
    value: float | None
    low: float = 0
    high: float = 0
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class PlotArea:
    """The area of the marks, for values from `least` to `most`, of so many places."""

    max_value: float
    place_count: int
    min_value: float = 0

    def y_position(self, value: float) -> float:
        """Return the height of a value; what is beyond the frame stays at its edge."""
        room = CHART_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
        part = (value - self.min_value) / ((self.max_value - self.min_value) or 1)
        return round(MARGIN_TOP + room * (1 - min(1, max(0, part))), 1)

    def x_position(self, place: float) -> float:
        """Return where the middle of a place is, counted from 0."""
        return round(MARGIN_LEFT + self.place_width * (place + 0.5), 1)

    @property
    def place_width(self) -> float:
        """The width of a place."""
        return (CHART_WIDTH - MARGIN_LEFT - MARGIN_RIGHT) / max(1, self.place_count)


def round_up_scale(max_value: float) -> tuple[float, float]:
    """Return a round number at or above `most`, and the step to it in three or four parts."""
    step = 1.0
    while True:
        for factor in ROUND_STEPS:
            size = step * factor
            if size * 4 >= max_value and (size == int(size) or max_value < 1):
                return size * -(-max_value // size) if max_value else size, size
        step *= 10


def axis_scale(
    plot_area: PlotArea, step: float, *, as_percent: bool = False
) -> tuple[list[float], list[ChartLabel]]:
    """Return the lines across a frame, and what is written at their left."""
    rules, labels = [], []
    count = round((plot_area.max_value - plot_area.min_value) / step)
    for i in range(count + 1):
        value = plot_area.min_value + i * step
        y = plot_area.y_position(value)
        rules.append(y)
        text = f"{value:.0%}" if as_percent else format_short_number(value)
        labels.append(ChartLabel(MARGIN_LEFT - 6, y + 4, text, "end", "tick"))
    return rules, labels


def category_labels(plot_area: PlotArea, labels: Sequence[str]) -> list[ChartLabel]:
    """Return what is written below the places."""
    return _without_overlap(
        ChartLabel(plot_area.x_position(i), CHART_HEIGHT - 8, label, css_class="tick")
        for i, label in enumerate(labels)
        if label
    )


def _without_overlap(labels: Iterable[ChartLabel]) -> list[ChartLabel]:
    """Return labels from left to right, but for those that would run into the one before."""
    kept: list[ChartLabel] = []
    for label in labels:
        before = kept[-1] if kept else None
        room = (len(label.text) + len(before.text) + 1) * CHARACTER_WIDTH / 2 if before else 0
        if before is None or label.x - before.x >= room or abs(label.y - before.y) >= LINE_HEIGHT:
            kept.append(label)
    return kept


def bar_chart(name: str, title: str, summary: str, columns: Sequence[BarInput]) -> Chart:
    """Return a chart of bars."""
    top, step = round_up_scale(max((column.value for column in columns), default=0))
    plot_area = PlotArea(top, len(columns))
    rules, words = axis_scale(plot_area, step)
    boxes, values = [], []
    for i, column in enumerate(columns):
        y = plot_area.y_position(column.value)
        if column.value:
            y = min(y, plot_area.y_position(0) - 1)  # something is never nothing
        wide = plot_area.place_width * (1 - BAR_GAP_RATIO)
        x = round(plot_area.x_position(i) - wide / 2, 1)
        tall = round(plot_area.y_position(0) - y, 1)
        boxes.append(ChartBox(x, y, round(wide, 1), tall, column.css_class, column.tooltip))
        if column.value_label:
            at = (
                (x, "start")
                if i == 0 and len(columns) > MAX_FOCUSABLE_MARKS
                else (plot_area.x_position(i), "middle")
            )
            values.append(ChartLabel(at[0], y - 5, column.value_label, at[1], "value"))
    words += _without_overlap(values)
    words += category_labels(plot_area, [column.label for column in columns])
    return Chart(
        name,
        title,
        summary,
        grid_lines=rules,
        boxes=boxes,
        labels=words,
        is_focusable=len(boxes) <= MAX_FOCUSABLE_MARKS,
    )


def proportion_chart(
    name: str, title: str, summary: str, points: Sequence[ProportionInput], *, connected: bool
) -> Chart:
    """Return a chart of shares with their ranges: joined to a line with a band, or apart."""
    axis_min = _axis_minimum(points)
    plot_area = PlotArea(1, len(points), axis_min)
    rules, words = axis_scale(plot_area, 0.1 if axis_min >= 0.5 else 0.2, as_percent=True)
    words += category_labels(plot_area, [point.label for point in points])
    dots = [_range_dot(plot_area, i, point) for i, point in enumerate(points)]
    runs = _unbroken_runs(dots) if connected else []
    return Chart(
        name,
        title,
        summary,
        grid_lines=rules,
        labels=words,
        is_focusable=not connected and len(points) <= MAX_FOCUSABLE_MARKS,
        dots=[dot for dot in dots if dot],
        areas=[
            ChartPath(f"{_svg_points(run, use_high=True)} {_svg_points(run[::-1], use_low=True)}", "band")
            for run in runs
        ],
        lines=[ChartPath(_svg_points(run), "line") for run in runs],
    )


def _axis_minimum(points: Sequence[ProportionInput]) -> float:
    """Return where the scale of shares begins: below all ranges, which are drawn whole."""
    least = min((point.low for point in points if point.value is not None), default=0)
    tenths = int(least * 10)
    return (tenths if tenths >= 5 else tenths // 2 * 2) / 10


def _range_dot(plot_area: PlotArea, place: int, point: ProportionInput) -> RangeDot | None:
    if point.value is None:
        return None
    y, y_high, y_low = map(plot_area.y_position, (point.value, point.high, point.low))
    return RangeDot(plot_area.x_position(place), y, y_high, y_low, point.tooltip)


def _unbroken_runs(dots: Sequence[RangeDot | None]) -> list[list[RangeDot]]:
    """Return the stretches of dots without a gap, those of one alone left out."""
    runs: list[list[RangeDot]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return [run for run in runs if len(run) > 1]


def _svg_points(dots: Sequence[RangeDot], *, use_high: bool = False, use_low: bool = False) -> str:
    return " ".join(f"{dot.x},{dot.y_high if use_high else dot.y_low if use_low else dot.y}" for dot in dots)

"""Lay out the charts of the report as SVG coordinates.

No charting library: they add scripts or styles to each drawing, and no data table. All text is escaped
by the template.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flashcards.core.format_count import format_count
from flashcards.core.stats.proportion import Proportion
from flashcards.html_report.format import format_short_number, format_with_range

CHART_WIDTH, CHART_HEIGHT = 400, 190  # in SVG units, about a phone's pixels
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 40, 8, 22, 26  # room for labels
BAR_GAP_RATIO = 0.2  # part of a bar's place that stays empty
MAX_FOCUSABLE_MARKS = 12  # charts with more marks are not reachable by keyboard
CHARACTER_WIDTH, LINE_HEIGHT = 8, 15  # of labels, at most
ROUND_STEPS = (1, 2, 2.5, 5, 10)


class ChartBox(NamedTuple):
    """A bar, or a day of the heat map."""

    x: float
    y: float
    width: float
    height: float
    css_class: str
    tooltip: str


class RangeDot(NamedTuple):
    """A proportion and its confidence interval."""

    x: float
    y: float
    y_high: float
    y_low: float
    tooltip: str


class ChartLabel(NamedTuple):
    """A text in a chart; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    css_class: str = ""


class Chart(NamedTuple):
    """A drawing, with its title and summary in words."""

    name: str
    title: str
    summary: str
    width: float = CHART_WIDTH
    height: float = CHART_HEIGHT
    grid_lines: Sequence[float] = ()  # y positions
    bands: Sequence[str] = ()  # outlines, as points "x,y x,y"
    boxes: Sequence[ChartBox] = ()
    lines: Sequence[str] = ()  # as points, too
    dots: Sequence[RangeDot] = ()
    labels: Sequence[ChartLabel] = ()
    is_focusable: bool = False  # whether each mark can be reached with the keyboard


class BarInput(NamedTuple):
    """The data of one bar."""

    label: str
    value: float
    tooltip: str
    css_class: str = "bar"
    value_label: str = ""  # above the bar


class ProportionInput(NamedTuple):
    """The data of one proportion, and what it is a proportion of."""

    label: str
    proportion: Proportion
    subject: str


class PlotArea(NamedTuple):
    """The area of the marks: a scale of values, and equal places."""

    max_value: float
    place_count: int
    min_value: float = 0

    def y_position(self, value: float) -> float:
        """Return the y of a value, clamped to the area."""
        room = CHART_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM
        part = (value - self.min_value) / ((self.max_value - self.min_value) or 1)
        return round(MARGIN_TOP + room * (1 - min(1, max(0, part))), 1)

    def x_position(self, place: float) -> float:
        """Return the x of the middle of a place, counted from 0."""
        return round(MARGIN_LEFT + self.place_width * (place + 0.5), 1)

    @property
    def place_width(self) -> float:
        """The width of a place."""
        return (CHART_WIDTH - MARGIN_LEFT - MARGIN_RIGHT) / max(1, self.place_count)


def round_up_scale(max_value: float) -> tuple[float, float]:
    """Return a round number at or above a value, and the step of its grid."""
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
    """Return the grid lines and their labels."""
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
    """Return the labels below the places."""
    return _without_overlap(
        ChartLabel(plot_area.x_position(i), CHART_HEIGHT - 8, label, css_class="tick")
        for i, label in enumerate(labels)
        if label
    )


def _without_overlap(labels: Iterable[ChartLabel]) -> list[ChartLabel]:
    """Return labels from left to right, without overlapping ones."""
    kept: list[ChartLabel] = []
    for label in labels:
        before = kept[-1] if kept else None
        room = (len(label.text) + len(before.text) + 1) * CHARACTER_WIDTH / 2 if before else 0
        if before is None or label.x - before.x >= room or abs(label.y - before.y) >= LINE_HEIGHT:
            kept.append(label)
    return kept


def bar_chart(name: str, title: str, summary: str, columns: Sequence[BarInput]) -> Chart:
    """Return a bar chart."""
    top, step = round_up_scale(max((column.value for column in columns), default=0))
    plot_area = PlotArea(top, len(columns))
    rules, words = axis_scale(plot_area, step)
    boxes, values = [], []
    for i, column in enumerate(columns):
        y = plot_area.y_position(column.value)
        if column.value:
            y = min(y, plot_area.y_position(0) - 1)  # a small value stays visible
        wide = plot_area.place_width * (1 - BAR_GAP_RATIO)
        x = round(plot_area.x_position(i) - wide / 2, 1)
        tall = round(plot_area.y_position(0) - y, 1)
        boxes.append(ChartBox(x, y, round(wide, 1), tall, column.css_class, column.tooltip))
        if column.value_label:
            # A wide label above a narrow first bar would run into the axis.
            at_start = i == 0 and len(columns) > MAX_FOCUSABLE_MARKS
            label_x, anchor = (x, "start") if at_start else (plot_area.x_position(i), "middle")
            values.append(ChartLabel(label_x, y - 5, column.value_label, anchor, "value"))
    words += _without_overlap(values)
    words += category_labels(plot_area, [column.label for column in columns])
    focusable = len(boxes) <= MAX_FOCUSABLE_MARKS
    return Chart(name, title, summary, grid_lines=rules, boxes=boxes, labels=words, is_focusable=focusable)


def proportion_chart(
    name: str, title: str, summary: str, points: Sequence[ProportionInput], *, connected: bool
) -> Chart:
    """Return a chart of proportions with ranges, connected to a band or not."""
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
        bands=[f"{_svg_points(run, 'y_high')} {_svg_points(run[::-1], 'y_low')}" for run in runs],
        lines=[_svg_points(run) for run in runs],
    )


def _axis_minimum(points: Sequence[ProportionInput]) -> float:
    ranges = [point.proportion.confidence_interval for point in points]
    tenths = int(min((interval[0] for interval in ranges if interval), default=0) * 10)
    return (tenths if tenths >= 5 else tenths // 2 * 2) / 10


def _range_dot(plot_area: PlotArea, place: int, point: ProportionInput) -> RangeDot | None:
    share, interval = point.proportion, point.proportion.confidence_interval
    if share.value is None or interval is None:
        return None
    y, y_low, y_high = map(plot_area.y_position, (share.value, *interval))
    tooltip = f"{point.subject}: {format_with_range(share)} of {format_count(share.whole, 'test')}"
    return RangeDot(plot_area.x_position(place), y, y_high, y_low, tooltip)


def _unbroken_runs(dots: Sequence[RangeDot | None]) -> list[list[RangeDot]]:
    runs: list[list[RangeDot]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return [run for run in runs if len(run) > 1]


def _svg_points(dots: Sequence[RangeDot], y_name: str = "y") -> str:
    return " ".join(f"{dot.x},{getattr(dot, y_name)}" for dot in dots)

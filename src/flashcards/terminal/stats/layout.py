"""Layout parts of the statistics: blocks, rows, bars, ranges."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.text import Text

from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.review_totals import CardCounts
from flashcards.terminal import theme
from flashcards.terminal.text.format import format_percent
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import display_width, truncate

EIGHTH_BLOCKS = " ▏▎▍▌▋▊▉"
BLOCK_GAP = 4
MIN_BLOCK_WIDTH = 47  # columns a block needs before two are placed side by side
MAX_BAR_WIDTH = 60
MAX_BLOCK_WIDTH = 100


class StatsBlock(NamedTuple):
    """Some lines under a title."""

    title: str
    lines: Sequence[Text]
    needs_answers: bool = False  # whether it is left out before the first answer

    @property
    def is_empty(self) -> bool:
        """Whether it only says that there is nothing yet."""
        text = " ".join(line.plain for line in self.lines)
        return bool(self.title) and (not text or text.startswith(("No ", "Nothing ")))

    def render_lines(self, columns: int) -> list[Text]:
        """Return the title, and the lines indented."""
        head = wrap_text(Text(self.title, theme.HEADING), columns) if self.title else []
        return [*head, *(Text("  ") + line if self.title else line for line in self.lines)]


def block_width(columns: int) -> int:
    """Return the width of a block on this screen."""
    half = (columns - BLOCK_GAP) // 2
    return min(half if half >= MIN_BLOCK_WIDTH else columns, MAX_BLOCK_WIDTH)


def arrange_blocks(blocks: Sequence[StatsBlock], columns: int) -> list[Text]:
    """Stack blocks, in two columns where there is room."""
    # The split that makes the shortest page is chosen.
    block_lines = [block.render_lines(block_width(columns)) for block in blocks if block.lines]
    if (columns - BLOCK_GAP) // 2 < MIN_BLOCK_WIDTH or len(block_lines) < 2:
        return stack_blocks(block_lines)
    splits = [
        (stack_blocks(block_lines[:i]), stack_blocks(block_lines[i:])) for i in range(1, len(block_lines))
    ]
    split = min(splits, key=lambda split: max(map(len, split)))
    return place_side_by_side(split, block_width(columns) + BLOCK_GAP)


def place_side_by_side(columns: Sequence[Sequence[Text]], wide: int) -> list[Text]:
    """Join columns of lines, each `wide` columns wide."""
    lines = []
    for first, *others in zip_longest(*columns, fillvalue=Text()):
        line = Text().append_text(first)  # as a span: the style of a whole line would go on
        for i, piece in enumerate(others, 1):
            if piece:
                line.append(" " * (i * wide - line.cell_len))
                line.append_text(piece)
        lines.append(line)
    return lines


def stack_blocks(block_lines: Sequence[list[Text]]) -> list[Text]:
    """Stack blocks with a blank line between them."""
    lines: list[Text] = []
    for block in block_lines:
        lines += [*([Text()] if lines else []), *block]
    return lines


def align_rows(
    cells: Iterable[Sequence[str | Text]], alignments: str, gap: int = 2, header: Sequence[str] = ()
) -> list[Text]:
    """Align the cells of rows below a header; `alignments` has l or r per column."""
    table = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in cells]
    table[:0] = [list(map(dim_text, header))] if header else []
    widths = [max(cell.cell_len for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        line = Text()
        for i, (cell, side, wide) in enumerate(zip(row, alignments, widths, strict=True)):
            space = " " * (wide - cell.cell_len)
            line.append(" " * (gap if i else 0))
            line.append_text(Text(space) + cell if side == "r" else cell + Text(space))
        line.rstrip()
        lines.append(line)
    return lines


def fold_line(line: Text, width: int, indent: int = 0) -> list[Text]:
    """Break a too long line at a wide gap between its parts."""
    at = line.plain.rfind("   ", indent, width + 1)
    if line.cell_len <= width or at <= indent:
        return wrap_text(line, width)
    rest = Text(" " * indent) + line[at + 3 :]
    return [line[:at], *fold_line(rest, width, indent)]


def dim_text(text: str) -> Text:
    """Return dim text; text appended to it is not dim."""
    return Text.assemble((text, theme.CHROME))


def fit_name(name: str, width: int) -> str:
    """Sanitize a name and cut it to `width` columns."""
    return truncate(sanitize_line(name), width)


def styled_bar(value: int, max_value: int, width: int) -> Text:
    """Return a bar in eighths of a column, at least one if not zero."""
    if value <= 0 or max_value <= 0 or width <= 0:
        return Text()
    eighths = max(1, round(value / max_value * width * 8))
    full, rest = divmod(eighths, 8)
    return Text("█" * full + (EIGHTH_BLOCKS[rest] if rest else ""), theme.ACCENT)


def state_bar(cards: CardCounts, width: int) -> list[Text]:
    """Return one bar of all cards by state, and its legend."""
    states = [("new", cards.new, "░"), ("young", cards.young, "▒"), ("mature", cards.mature, "█")]
    counted, bar, legend = max(1, sum(count for _, count, _ in states)), Text(), Text()
    for (name, count, sign), style in zip(states, theme.STATE_STYLES, strict=True):
        columns = max(bool(count), round(count * min(width, MAX_BAR_WIDTH) / counted))
        bar.append(sign * columns, style)
        legend.append_text(Text.assemble((sign, style), f" {name} {count:,} "))
        legend.append(f"{format_percent(count, counted)}   ", theme.CHROME)
    legend.append(f"suspended {cards.suspended:,}" if cards.suspended else "")
    legend.rstrip()
    bar.truncate(width)
    return [bar, *fold_line(legend, width)]


def format_range(proportion: Proportion) -> str:
    """Format the 95 % range of a share: 80–84 %."""
    if proportion.confidence_interval is None:
        return ""
    low, high = (round(100 * bound) for bound in proportion.confidence_interval)
    return f"{low}–{high} %"


def whisker_line(proportion: Proportion, width: int, least: float) -> Text:
    """Draw a share as a dot and its range as a stretch, from `least` to 1."""
    line = dim_text("·" * width)
    if proportion.confidence_interval is None or proportion.value is None or width < 4:
        return line

    def column_of(value: float) -> int:
        return round((max(value, least) - least) / (1 - least) * (width - 1))

    ends = proportion.confidence_interval
    low, at, high = map(column_of, (ends[0], proportion.value, ends[1]))
    stretch = Text("━" * (at - low) + "●" + "━" * (high - at), theme.ACCENT)
    return line[:low] + stretch + line[high + 1 :]


def common_scale_start(proportions: Iterable[Proportion]) -> float:
    """Return the start of a common scale, in tenths, at most 0.8."""
    lows = [share.confidence_interval[0] for share in proportions if share.confidence_interval]
    return min([0.8, *(int(low * 10) / 10 for low in lows)])


def scale_line(width: int, least: float) -> Text:
    """Return the labels below a whisker line."""
    first = f"{100 * least:.0f} %"
    return dim_text(first + "100 %".rjust(width - display_width(first)))

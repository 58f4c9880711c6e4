"""Retention tab: true retention, calibration and ratings."""

from rich.text import Text

from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.rating_accuracy import calibration_verdict
from flashcards.terminal.stats.layout import (
    StatsBlock,
    align_rows,
    common_scale_start,
    dim_text,
    format_range,
    scale_line,
    styled_bar,
    whisker_line,
)
from flashcards.terminal.text.format import format_percent, sparkline
from flashcards.terminal.text.line_breaking import wrap_text

MIN_BIN_TESTS = 5  # smaller bins are left out, for they only stretch the scale; JSON has all
MAX_WEEKS = 53  # the latest weeks; JSON has all


def retention_blocks(statistics: Statistics, columns: int) -> list[StatsBlock]:
    """Return the blocks of the Retention tab."""
    kept = statistics.all_time
    stages = [("young", kept.young_retention), ("mature", kept.mature_retention), ("all", kept.retention)]
    marks = [(f"after a {rating}", s) for rating, s in kept.calibration.items()]
    weeks = [(day.strftime("%d %b"), week.retention) for day, week in reversed(statistics.weekly_totals)]
    tested = [week for week in weeks if week[1].whole][:MAX_WEEKS]
    verdict_text = calibration_verdict(kept.calibration)
    verdict = wrap_text(dim_text(verdict_text), columns - 2) if verdict_text else []
    note = [dim_text("with the 95 % range (Wilson)")] if kept.retention.whole else []
    return [
        StatsBlock("True retention: first answers to due cards", [*proportion_rows(stages, columns), *note]),
        StatsBlock(
            "Recalled next time, by previous rating",
            [*proportion_rows(marks, columns), *_predicted_after(statistics, columns), *verdict],
        ),
        StatsBlock(
            "Recalled, by the chance of recall that FSRS predicted", _recall_rows(statistics, columns)
        ),
        StatsBlock("Answers by rating", _rating_rows(statistics, columns), needs_answers=True),
        StatsBlock("Retention by week (starting Monday)", proportion_rows(tested, columns) if tested else []),
    ]


def _predicted_after(statistics: Statistics, columns: int) -> list[Text]:
    chances = {rating: statistics.predicted_after(rating) for rating in (3, 4, 5)}
    parts = [f"{chance * 100:.0f} % after a {rating}" for rating, chance in chances.items() if chance]
    return wrap_text(dim_text(f"Predicted: {', '.join(parts)}."), columns - 2) if parts else []


def _recall_rows(statistics: Statistics, columns: int) -> list[Text]:
    """Compare predicted and observed recall, bin by bin."""
    calibration, recall = statistics.calibration, statistics.recall
    if calibration.predicted is None or calibration.recalled.value is None:
        return []
    bins = [
        (f"{one.low * 100:.0f} to {one.high * 100:.0f} %", one.recalled)
        for one in calibration.bins
        if one.recalled.whole >= MIN_BIN_TESTS
    ]
    summary = (
        f"Predicted {calibration.predicted * 100:.1f} %, "
        f"recalled {calibration.recalled.value * 100:.1f} %. "
        f"Known today: {recall.known:,.0f} of {recall.cards:,} cards, the sum of their chances."
    )
    known = [round(total) for _, total in recall.known_over_time]
    if len(known) > 1:
        summary += f" Month by month: {sparkline(known)} {known[0]:,} to {known[-1]:,}."
    return [*proportion_rows(bins, columns), *wrap_text(dim_text(summary), columns - 2)]


def proportion_rows(named: list[tuple[str, Proportion]], columns: int) -> list[Text]:
    """Return a row per share: counts, percentage, range and whisker."""
    if not any(share.whole for _, share in named):
        return wrap_text(dim_text("No data yet: cards must come due a second time first."), columns - 2)
    least = common_scale_start(share for _, share in named)
    cells: list[list[str | Text]] = []
    for name, share in named:
        percent, range_ = format_percent(share.part, share.whole), dim_text(format_range(share))
        cells.append([name, f"{share.part:,} of {share.whole:,}", percent, range_])
    left = columns - 2 - max(row.cell_len for row in align_rows(cells, "lrrr")) - 3
    if left < 10:
        return align_rows([[row[0], row[2], row[3]] for row in cells], "lrr")
    drawn = min(left, 40)
    for row, (_, share) in zip(cells, named, strict=True):
        row.append(Text(" ") + whisker_line(share, drawn, least))
    return align_rows([*cells, ["", "", "", "", Text(" ") + scale_line(drawn, least)]], "lrrrl")


def _rating_rows(statistics: Statistics, columns: int) -> list[Text]:
    ratings = statistics.all_time.ratings
    most, every = max(ratings.values()), statistics.all_time.answers
    names = {1: "1 not at all", 5: "5 perfectly"}
    rows = []
    for rating, n in ratings.items():
        share = dim_text(format_percent(n, every) if every else "")
        bar = styled_bar(n, most, min(40, columns - 32))
        rows.append((names.get(rating, str(rating)), f"{n:,}", share, bar))
    return align_rows(rows, "lrrl")

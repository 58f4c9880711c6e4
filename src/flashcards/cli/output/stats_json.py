"""Statistics as documented JSON and CSV."""

from collections.abc import Iterator, Sequence
from typing import Any

from flashcards.core.progress import CardState
from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.definition_texts import DEFINITIONS
from flashcards.core.stats.histograms import HistogramBin
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.review_totals import CardCounts, CardGroup, ReviewTotals

DAY_COLUMNS = (  # columns of the daily series, in JSON and CSV
    "date", "reviews", "minutes", "new", "first_answers", "recalled",
    "young", "young_recalled", "mature", "mature_recalled",
    "rated_1", "rated_2", "rated_3", "rated_4", "rated_5", "added",
    "recall_tests", "recall_predicted", "recall_recalled",
)  # fmt: skip


def stats_json(statistics: Statistics) -> dict[str, Any]:
    """Return all statistics under their documented names."""
    all_time = statistics.all_time
    return {
        "date": statistics.day.isoformat(),
        "cards": _card_counts_json(statistics.card_counts),
        "today": _period_json(statistics.today),
        "week": {**_period_json(statistics.last_seven_days), "days": statistics.days_with_answers},
        "reviews": all_time.answers,
        "minutes": to_minutes(all_time.ms),
        "streak": {"current": statistics.streak.current, "longest": statistics.streak.longest},
        "retention": _retention_json(all_time),
        "retention_detail": {
            "young": _proportion_json(all_time.young_retention),
            "mature": _proportion_json(all_time.mature_retention),
            "all": _proportion_json(all_time.retention),
        },
        "weeks": [
            {"week": monday.isoformat(), **_period_json(week)}
            | {"retention": _retention_json(week), "tests": _proportion_json(week.retention)}
            for monday, week in statistics.weekly_totals
        ],
        "ratings": {str(rating): n for rating, n in all_time.ratings.items()},
        "calibration": {
            str(rating): _proportion_json(s) | {"predicted": _round_value(statistics.predicted_after(rating))}
            for rating, s in all_time.calibration.items()
        },
        "recall": _recall_json(statistics),
        "hours": [
            {"hour": hour, **_period_json(tally), "retention": _proportion_json(tally.retention)}
            for hour, tally in statistics.hourly_totals.items()
        ],
        "pace": {
            "seconds_an_answer": _round_value(all_time.seconds_per_answer, 1),
            "minutes_a_card": _round_value(statistics.minutes_per_card, 2),
            "cards": statistics.answered_cards,
        },
        "heatmap": [{"date": day.isoformat(), "reviews": n} for day, n in statistics.heatmap],
        "forecast": [{"date": day.isoformat(), "due": n} for day, n in statistics.forecast],
        "backlog": statistics.backlog,
        **_collection_json(statistics),
        "days": [dict(zip(DAY_COLUMNS, row, strict=True)) for row in day_rows(statistics)],
        "meanings": DEFINITIONS,
    }


def _recall_json(statistics: Statistics) -> dict[str, Any]:
    calibration, recall = statistics.calibration, statistics.recall
    return {
        "tests": calibration.recalled.whole,
        "predicted": _round_value(calibration.predicted),
        "recalled": _round_value(calibration.recalled.value),
        "log_loss": _round_value(calibration.log_loss, 6),
        "rmse_bins": _round_value(calibration.rmse_bins, 6),
        "auc": _round_value(calibration.auc),
        "bins": [
            {
                "from": one.low,
                "to": one.high,
                "tests": one.recalled.whole,
                "predicted": _round_value(one.predicted),
                "recalled": _round_value(one.recalled.value),
                **_interval_json(one.recalled),
            }
            for one in calibration.bins
        ],
        "now": {"known": round(recall.known, 2), "cards": recall.cards},
        "known": [
            {"date": day.isoformat(), "known": round(known, 2)} for day, known in recall.known_over_time
        ],
        "weights": list(recall.weights),
    }


def _collection_json(statistics: Statistics) -> dict[str, Any]:
    return {
        "intervals": _histogram_json(statistics.interval_bins),
        "eases": _histogram_json(statistics.ease_bins, 100),
        "ages": _histogram_json(statistics.age_bins),
        "growth": [
            {"date": g.day.isoformat(), "added": g.added, "learned": g.learned}
            for g in statistics.daily_growth
        ],
        "months": [
            {"month": m.first_day.isoformat()[:7], "added": m.added, "learned": m.learned}
            | {"known": m.learned_so_far}
            for m in statistics.monthly_growth
        ],
        "hardest": [_hardest_card_json(entry) for entry in statistics.hardest_cards],
        "decks": [{"deck": group.name, **_group_json(group)} for group in statistics.deck_groups],
        "tags": [{"tag": group.name, **_group_json(group)} for group in statistics.tag_groups],
    }


def day_rows(statistics: Statistics) -> Iterator[tuple[str | int | float, ...]]:
    """Yield a row for each study day, with DAY_COLUMNS."""
    added = {growth.day: growth.added for growth in statistics.daily_growth}
    for day, t in statistics.daily_totals:
        predicted, tests, recalled = statistics.recall.by_day.get(day, (0.0, 0, 0))
        yield (
            day.isoformat(), t.answers, to_minutes(t.ms), t.new_answers,
            t.first_answers, t.first_answers_recalled,
            t.young_tests, t.young_recalled, t.mature_tests, t.mature_recalled,
            t.rated_1, t.rated_2, t.rated_3, t.rated_4, t.rated_5,
            added.get(day, 0), tests, round(predicted, 2), recalled,
        )  # fmt: skip


def csv_lines(statistics: Statistics) -> Iterator[str]:
    """Yield the daily series as CSV; no cell needs quoting."""
    yield ",".join(DAY_COLUMNS)
    for row in day_rows(statistics):
        yield ",".join(map(str, row))


def to_minutes(ms: int) -> float:
    """Convert milliseconds to minutes."""
    return round(ms / 60_000, 1)


def _period_json(totals: ReviewTotals) -> dict[str, Any]:
    return {
        "reviews": totals.answers,
        "minutes": to_minutes(totals.ms),
        "recalled": _round_value(totals.first_answer_recall.value),
        "new": totals.new_answers,
    }


def _card_counts_json(cards: CardCounts) -> dict[str, int]:
    return {name: getattr(cards, name) for name in ("total", "new", "young", "mature", "suspended")}


def _group_json(group: CardGroup) -> dict[str, Any]:
    return {
        **_card_counts_json(group.cards),
        "due": group.cards.due,
        "retention": _round_value(group.retention.value),
        "retention_detail": _proportion_json(group.retention),
        "reviews": group.reviews,
        "minutes": to_minutes(group.ms),
    }


def _retention_json(totals: ReviewTotals) -> dict[str, float | None]:
    return {
        "young": _round_value(totals.young_retention.value),
        "mature": _round_value(totals.mature_retention.value),
        "all": _round_value(totals.retention.value),
    }


def _proportion_json(proportion: Proportion) -> dict[str, Any]:
    return {
        "share": _round_value(proportion.value),
        "recalled": proportion.part,
        "tests": proportion.whole,
        **_interval_json(proportion),
    }


def _interval_json(proportion: Proportion) -> dict[str, float | None]:
    low, high = proportion.confidence_interval or (None, None)
    return {"low": _round_value(low), "high": _round_value(high)}


def _histogram_json(bins: Sequence[HistogramBin], unit: int = 1) -> list[dict[str, Any]]:
    """Return a histogram's bins; an open end is null."""

    def scaled(value: int | None) -> float | None:
        return value if unit == 1 or value is None else value / unit

    return [{"from": scaled(bar.low), "to": scaled(bar.high), "cards": bar.cards} for bar in bins]


def _hardest_card_json(card_state: CardState) -> dict[str, Any]:
    card, memory = card_state.card, card_state.progress.memory
    return {
        "card": card.id,
        "front": card.front,
        "lapses": memory.lapses,
        "ease": memory.ease / 100,
        "deck": card.deck,
        "path": card.path,
        "line": card.line,
    }


def _round_value(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)

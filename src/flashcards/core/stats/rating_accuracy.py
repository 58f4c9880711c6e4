"""Whether ratings foretell recall: what is said of their accuracy."""

from collections.abc import Mapping

from flashcards.core.stats.proportion import Proportion

MIN_TESTS = 30  # reviews needed after a 3, and after a 5, for a verdict on them


def calibration_verdict(by_rating: Mapping[int, Proportion]) -> str:
    """Say whether ratings predict recall; "" without enough data."""
    three, five = by_rating[3].confidence_interval, by_rating[5].confidence_interval
    if three is None or five is None or min(by_rating[3].whole, by_rating[5].whole) < MIN_TESTS:
        return ""
    if five[0] > three[1]:
        return "A 5 is recalled more often than a 3: your ratings are accurate."
    if five[1] < three[0]:
        return "A 5 is recalled less often than a 3: you give 5 too easily."
    return "So far, cards rated 3 and 5 are recalled equally often."

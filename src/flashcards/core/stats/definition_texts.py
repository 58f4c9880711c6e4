"""The one-sentence definition of each statistic."""

DEFINITIONS = {
    "cards": "the cards in your decks now; new: not answered yet (or reset); young: "
    "interval below 21 days; mature: 21 days or more; suspended cards are included",
    "reviews": "answers that were not undone, imported ones and those to cards since deleted "
    "included; repeats, early answers and cramming count here, in the minutes and in the ratings",
    "minutes": "the time from question to rating, at most one minute an answer",
    "day": "a study day begins at the rollover (04:00 if you set no other), where you were when you answered",
    "today": "what was answered on this study day; recalled is the share of first answers, new "
    "cards included, that were 3, 4 or 5",
    "week": "the same over the seven study days up to today",
    "streak": "study days in a row with at least one answer, up to today or yesterday; longest: "
    "the longest streak so far; days off that you planned, and days on which nothing was due, neither "
    "break a streak nor count in it",
    "heatmap": "answers on each of the last 365 study days",
    "retention": "true retention, the share of tests that were recalled (rated 3, 4 or 5): a test "
    "is the first answer to a card on a study day, when the card was due and not new; young below "
    "an interval of 21 days, mature from 21 on; imported answers go by the dates of the program "
    "that they come from, as far as it told them",
    "range": "the 95 % interval of a share after Wilson: of 20 such ranges, about 19 "
    "contain the share that more and more answers would lead to",
    "weeks": "the same by week, Monday to Sunday, of weeks that had an answer",
    "ratings": "answers by rating, 1 to 5",
    "calibration": "of the tests of cards whose first answer the time before was rated 3, 4 or 5, "
    "the share that was recalled",
    "recall": "what FSRS predicted, whichever scheduler holds: a test is the first answer to a card on "
    "any study day after its first, cramming left out; predicted is the mean chance of recall just "
    "before it, recalled the share rated 3, 4 or 5; log_loss is the mean surprise, less is better; "
    "bins put tests of like chances together, rmse_bins is how far predicted and recalled lie apart "
    "in them; auc is how often a recalled test had the higher chance of two; now: known is the sum "
    "of today's chances over the cards that are not new; known: the same at the beginning of each of the "
    "last twelve months, as the answers until then and today's weights have it; where there are more than "
    "200,000 answers, an estimate from one card in several",
    "predicted": "the mean chance of recall that FSRS gave to the tests of calibration",
    "hours": "answers by the hour of the local day in which they were given, and the true "
    "retention of the tests among them",
    "pace": "minutes divided by answers, and by the cards that have ever been answered",
    "forecast": "cards that come due on each of the next 30 study days if nothing is answered "
    "before, buried cards when they return, suspended cards never; today's number has the backlog in "
    "it, and plans for days off or for catching up move nothing here",
    "backlog": "cards that were due before today and are not answered yet",
    "intervals": "cards that are not new, by interval in days",
    "eases": "cards that are not new, by ease factor",
    "ages": "cards in your decks, by days since their first answer",
    "growth": "cards by the study day on which the history first had them (learned: those that got "
    "their first answer as new cards; one that was reset is learned again); deck files keep no "
    "dates, so a card that was never answered or imported with a history has none",
    "months": "the same by month; known are all cards learned up to its end",
    "hardest": "the cards with the most lapses (graded answers 1 or 2), then the lowest ease",
    "decks": "the cards of each deck, and the answers to them in whichever deck they were then; "
    "a deleted card's answers stay with the last deck that it was known in",
    "tags": "the same for each tag; a card with two tags is in both rows, a deleted one in none",
    "days": "one row for each study day since the first answer: the series of --csv",
}
"""By name in the JSON."""

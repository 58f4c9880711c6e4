"""Study days, which begin at the rollover."""

from datetime import date, datetime, timedelta

ONE_DAY = timedelta(days=1)
SECONDS_PER_DAY = 86_400
DEFAULT_ROLLOVER = timedelta(hours=4)  # after local midnight


def study_day(moment: datetime, rollover: timedelta = DEFAULT_ROLLOVER) -> date:
    """Return the study day of an aware time, by its own UTC offset."""
    return (moment - rollover).date()

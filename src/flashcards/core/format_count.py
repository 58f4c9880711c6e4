"""A number with its noun, in the singular or plural."""


def format_count(count: int, noun: str) -> str:
    """Return a count with its noun: 1 day, 2,345 answers."""
    return f"{count:,} {noun}{'s' * (count != 1)}"

"""Tables line up, fit a terminal, and are cut nowhere else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.terminal.text.plain_table import TableFit, table_lines
from flashcards.terminal.text.width import display_width

ROWS = [("a long name of a deck", 12, "decks/file.yaml"), ("short", 3, "decks/other.yaml")]
HEADER = ("deck", "cards", "file")


def test_columns_align_with_wide_signs() -> None:
    """Every row has its columns at the same place in the terminal."""
    lines = list(table_lines(("name", "n"), [("漢字", 5), ("a", 12)]))
    assert lines == ["name   n", "漢字   5", "a     12"]


def test_a_pipe_gets_every_letter() -> None:
    """Without a width nothing is cut."""
    (_, line) = table_lines(("front",), [("x" * 500,)])
    assert line == "x" * 500


def test_what_gives_is_cut_and_what_is_spare_goes() -> None:
    """First the long text is cut; when it has only its least left, a column goes."""
    fit = {"min_widths": {0: 10}, "droppable": (2,)}
    at_60, at_36, at_20 = (
        list(table_lines(HEADER, ROWS, TableFit(columns, **fit)))  # type: ignore[arg-type]  # as in Fit
        for columns in (60, 36, 20)
    )
    assert at_60[1] == "a long name of a deck     12  decks/file.yaml"
    assert at_36[1] == "a long nam…     12  decks/file.yaml"
    assert at_20 == ["deck           cards", "a long name …     12", "short              3"]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.text(max_size=80), st.integers(0, 10**6), st.text(max_size=80))),
       st.integers(20, 200))  # fmt: skip
def test_no_line_is_wider_than_the_terminal(rows: list[tuple[object, ...]], columns: int) -> None:
    """Whatever is in the cells."""
    for line in table_lines(HEADER, rows, TableFit(columns, {0: 10}, (2,))):
        assert display_width(line) <= columns
        assert "\n" not in line

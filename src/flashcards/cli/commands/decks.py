"""`flashcards decks`: list the decks and their due counts."""

from flashcards.app.command_context import CommandContext, describe_no_decks
from flashcards.cli.options import Json
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries import counts
from flashcards.terminal.text.plain_table import TableFit, table_lines
from flashcards.terminal.theme import ACCENT

DECK_COLUMN, TO_REPEAT_COLUMN, FILE_COLUMN = 0, 4, 5


def command(context: CommandContext, as_json: Json = False) -> None:
    """List the decks with their counts."""
    with context.open_store() as store:
        day, sizes = store.today.toordinal(), store.query(queries_cards.deck_sizes)
        today = store.query(lambda index: counts.count_due(index, day)).decks
        unseen = store.query(counts.count_unseen_by_deck)
        rows = [
            (name, cards, today[name][0], unseen.get(name, 0), today[name][2], path)
            for name, cards, path in sizes
        ]
        theme = store.settings.theme
        no_decks = "" if rows else describe_no_decks(store)
    if as_json:
        names = ("deck", "cards", "due", "new", "learning", "path")
        context.print_json(
            [{**dict(zip(names, row, strict=True)), "new_today": today[row[0]][1]} for row in rows]
        )
    elif not rows:
        context.print(no_decks)
    else:
        fit = TableFit(context.list_width(), {DECK_COLUMN: 22}, droppable=(FILE_COLUMN, TO_REPEAT_COLUMN))
        lines = table_lines(("deck", "cards", "due", "new", "to repeat", "file"), rows, fit)
        context.print_table(lines, [ACCENT if row[2] or row[4] else "" for row in rows], theme)

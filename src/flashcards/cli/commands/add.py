"""`flashcards add`: add cards by arguments, prompts, pipe, editor."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.add_cards import TEMPLATE, AddedCards, add_notes, confirm_near_duplicate, resolve_deck
from flashcards.app.command_context import CommandContext
from flashcards.app.edit_in_editor import open_editor
from flashcards.app.prompts import ask_to_reopen, is_interactive, prompt_line, require_terminal_for_editor
from flashcards.cli.completion.tab_completions import complete_decks, complete_tags
from flashcards.cli.options import Json
from flashcards.cli.parser import unescape_side
from flashcards.core.cards import Note
from flashcards.core.cloze import find_gaps
from flashcards.errors import UsageError
from flashcards.storage.decks.reader import parse_deck
from flashcards.storage.files import read_regular_file
from flashcards.storage.store import Store

EPILOG = (
    "Without FRONT, you are asked line by line; from a pipe, write FRONT<tab>BACK on each line. "
    "A front with {{gaps}} needs no back. Examples: flashcards add 'le chien' 'the dog' --deck French; "
    "flashcards add --edit"
)


DeckOption = Annotated[
    str, typer.Option(help="Deck to add to; a new name creates it.", autocompletion=complete_decks)
]
TagOption = Annotated[
    list[str] | None,
    typer.Option(help="Add this tag; repeat the option for more.", autocompletion=complete_tags),
]
ReverseOption = Annotated[bool, typer.Option("--reverse", help="Also ask the back and expect the front.")]
ClozeOption = Annotated[bool, typer.Option("--cloze", help="FRONT is a {{sentence}} with gaps.")]
EditOption = Annotated[bool, typer.Option("--edit", "-e", help="Write the cards in your editor.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Add even if a similar card exists.")]


def command(
    context: CommandContext,
    front: Annotated[str, typer.Argument(metavar="[FRONT]")] = "",
    back: Annotated[str, typer.Argument(metavar="[BACK]")] = "",
    deck: DeckOption = "",
    tag: TagOption = None,
    card_id: Annotated[str, typer.Option("--id", help="Id of the new card.")] = "",
    reverse: ReverseOption = False,
    cloze: ClozeOption = False,
    edit: EditOption = False,
    force: ForceOption = False,
    as_json: Json = False,
) -> None:
    """Add cards by arguments, prompts, pipe or editor."""
    defaults = Note("", tags=tuple(tag or ()), id=card_id, reverse=reverse or None, cloze=cloze)
    with context.open_store(welcome=False, adds=True) as store:
        store.start_backup()
        goal = resolve_deck(context, store, deck)
        if edit:
            notes = _edit_new_notes(context, goal, defaults)
        elif front:
            notes = iter([_make_note(unescape_side(front), unescape_side(back), defaults)])
        elif is_interactive(context):
            notes = _prompt_for_notes(context, store, goal, defaults, force=force)
            force = True  # each front was checked when it was typed
        else:
            notes = _read_piped_notes(context, defaults)
        added = _add_notes(context, store, goal, notes, force=force, quiet=as_json)
    if as_json:
        context.print_json(_added_json(goal, added))


def _add_notes(
    context: CommandContext, store: Store, deck_name: str, notes: Iterator[Note], *, force: bool, quiet: bool
) -> list[AddedCards]:
    """Add notes: one by one if interactive, all or none from a pipe."""
    batches = ([note] for note in notes) if is_interactive(context) else iter([list(notes)])
    added = []
    for bundle in batches:
        confirmed = [note for note in bundle if confirm_near_duplicate(context, store, note, force=force)]
        if confirmed:
            added.append(add_notes(store, deck_name, confirmed))
            if not quiet:
                _print_added(context, added[-1])
    return added


def _make_note(front: str, back: str, defaults: Note) -> Note:
    """Return a note of two sides. Raises UsageError if one is missing."""
    cloze = defaults.cloze or (not back and bool(find_gaps(front)))
    if cloze and not find_gaps(front):
        raise UsageError("This sentence has no gap. Mark one: {{like this}}.")
    if not cloze and not back:
        raise UsageError("A card needs a front and a back: flashcards add FRONT BACK")
    return defaults._replace(front=front, back=back, cloze=cloze, reverse=None if cloze else defaults.reverse)


def _prompt_for_notes(
    context: CommandContext, store: Store, deck_name: str, defaults: Note, *, force: bool
) -> Iterator[Note]:
    """Yield notes as the user types them, until an empty front."""
    context.print(f"New cards for {deck_name}. A back can have several lines; finish it with an empty line.")
    while front := (prompt_line(context, "Front (empty to finish):") or "").strip():
        if not confirm_near_duplicate(context, store, defaults._replace(front=front), force=force):
            continue
        lines: list[str] = []
        if not (defaults.cloze or find_gaps(front)):
            line = prompt_line(context, "Back:")
            while line:
                lines.append(line)
                line = context.stdin.readline().rstrip("\r\n") if context.stdin else ""
            if not lines:
                context.print("Not added: the card has no back.")
                continue
        yield _make_note(front, "\n".join(lines), defaults)
        defaults = defaults._replace(id="")


def _read_piped_notes(context: CommandContext, defaults: Note) -> Iterator[Note]:
    """Yield a note for each FRONT<tab>BACK line of standard input."""
    text = context.read_stdin().decode("utf-8-sig", "replace")
    notes = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            front, _, back = line.partition("\t")
            if not back.strip() and not find_gaps(front):
                raise UsageError(
                    f"line {number} has no tab between front and back: {line[:60]!r}. Nothing was added."
                )
            notes.append(_make_note(front.strip(), back.strip(), defaults))
    if not notes:
        raise UsageError("Nothing to add: flashcards add FRONT BACK, or FRONT<tab>BACK on each line.")
    yield from notes


def _edit_new_notes(context: CommandContext, deck_name: str, defaults: Note) -> Iterator[Note]:
    """Yield notes written in the editor, reopened after a fault."""
    require_terminal_for_editor(context)
    front_line = TEMPLATE[: TEMPLATE.index("- front")].count("\n") + 1
    template = TEMPLATE.format(deck=deck_name, empty="")
    with tempfile.TemporaryDirectory(prefix="flashcards-") as folder:
        path = Path(folder) / "new-cards.yaml"
        path.write_text(template, encoding="utf-8")
        while True:
            if message := open_editor(path, front_line):
                raise UsageError(message)
            data = read_regular_file(path)
            if data.decode("utf-8", "replace") == template:
                context.print("The file was not changed. Nothing was added.")
                return
            new_deck, problems = parse_deck(data, "new cards")
            if new_deck is not None:
                break
            ask_to_reopen(context, problems, "Nothing was added.")
    for note in new_deck.notes:
        tags = tuple(dict.fromkeys((*defaults.tags, *note.tags)))
        reverse = note.reverse if note.reverse is not None or note.cloze else defaults.reverse
        yield note._replace(tags=tags, reverse=reverse, line=0)


def _print_added(context: CommandContext, added: AddedCards) -> None:
    new = " (a new deck)" if added.is_new_deck else ""
    for card in added.cards:
        front = " ".join(card.front.split())
        context.print(f"Added to {added.deck_name}{new}: {card.id}  {front}   {card.path}:{card.line}")


def _added_json(deck_name: str, added: list[AddedCards]) -> dict[str, object]:
    cards = [card for one in added for card in one.cards]
    return {
        "deck": deck_name,
        "path": added[0].path if added else None,
        "made": any(one.is_new_deck for one in added),
        "added": [{"id": card.id, "front": card.front, "line": card.line} for card in cards],
    }

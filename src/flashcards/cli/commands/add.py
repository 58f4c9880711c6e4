"""`flashcards add`: new cards, from the command line, line by line, or in your editor."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.add_cards import Added, add, deck_for, welcome_is
from flashcards.app.context import Context
from flashcards.app.edit_cards import open_editor
from flashcards.app.prompts import agree, ask, refuse_to_edit_blindly, someone_is_there
from flashcards.cli.arguments import bare
from flashcards.cli.completion.candidates import decks, tags
from flashcards.core.cards import Note
from flashcards.core.cloze import GAP
from flashcards.errors import DeckError, UsageError
from flashcards.storage.decks.reader import read_deck
from flashcards.storage.files import read_regular
from flashcards.storage.store import Store

EPILOG = (
    "Without a front: line by line; from a pipe, FRONT<tab>BACK a line. A front with {{gaps}} "
    "needs no back. Examples: flashcards add 'le chien' 'the dog' --deck French; "
    "flashcards add --edit"
)
TEMPLATE = """\
# New cards for the deck {deck}. Save and leave the editor to add them; leave it unchanged for none.
# Also: id, tags, reverse: true, type: true, choices, or "cloze: …{{{{gap}}}}…" instead of a front.
cards:
  - front: |
      {empty}
    back: |
      {empty}
"""
LINE = 5
"""Where the first front begins in the template."""


Goal = Annotated[
    str, typer.Option(help="Into this deck; a new name makes one.", autocompletion=decks)
]
Tags = Annotated[
    list[str] | None, typer.Option(help="With this tag; again for more.", autocompletion=tags)
]
Reverse = Annotated[bool, typer.Option("--reverse", help="Ask both ways.")]
Cloze = Annotated[bool, typer.Option("--cloze", help="FRONT is a {{sentence}} with gaps.")]
Edit = Annotated[bool, typer.Option("--edit", "-e", help="Write them in your editor.")]
Force = Annotated[bool, typer.Option("--force", help="Even if much alike is there.")]


def command(
    context: typer.Context,
    front: Annotated[str, typer.Argument(metavar="[FRONT]")] = "",
    back: Annotated[str, typer.Argument(metavar="[BACK]")] = "",
    deck: Goal = "",
    tag: Tags = None,
    name: Annotated[str, typer.Option("--id", help="The id that the card goes by.")] = "",
    reverse: Reverse = False,
    cloze: Cloze = False,
    edit: Edit = False,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Add cards. Without a front: line by line, or FRONT<tab>BACK a line from a pipe."""
    world: Context = context.obj
    usual = Note("", tags=tuple(tag or ()), id=name, reverse=reverse or None, cloze=cloze)
    with world.open(welcome=False) as store:
        store.expect_writes()
        goal = deck_for(world, store, deck)
        if edit:
            notes = _edited(world, goal, usual)
        elif front:
            notes = iter([_note(bare(front), bare(back), usual)])
        elif someone_is_there(world):
            notes = _typed(world, store, goal, usual, force=force)
            force = True  # each was asked about as soon as its front was there
        else:
            notes = _piped(world, usual)
        added = _take_in(world, store, goal, notes, force=force, quiet=as_json)
    if as_json:
        world.print_json(_fields(goal, added))


def _take_in(
    world: Context, store: Store, deck: str, notes: Iterator[Note], *, force: bool, quiet: bool
) -> list[Added]:
    """Add notes: for a person one by one, from a pipe all of them or none."""
    bundles = ([note] for note in notes) if someone_is_there(world) else iter([list(notes)])
    added = []
    for bundle in bundles:
        wanted = [note for note in bundle if welcome_is(world, store, note, force=force)]
        if wanted:
            added.append(add(store, deck, wanted))
            if not quiet:
                _tell(world, added[-1])
    return added


def _note(front: str, back: str, usual: Note) -> Note:
    """Return the note of two sides. Raises UsageError when one is missing."""
    cloze = usual.cloze or (not back and bool(GAP.search(front)))
    if cloze and not GAP.search(front):
        raise UsageError("This sentence has no gap. Mark one: {{like this}}.")
    if not cloze and not back:
        raise UsageError("A card has a front and a back: flashcards add FRONT BACK")
    return replace(
        usual, front=front, back=back, cloze=cloze, reverse=None if cloze else usual.reverse
    )


def _typed(world: Context, store: Store, deck: str, usual: Note, *, force: bool) -> Iterator[Note]:
    """Yield notes as a person types them, until a front is left empty."""
    world.print(f"New cards for {deck}. A back may have several lines; an empty line ends it.")
    while front := (ask(world, "Front (Enter alone ends):") or "").strip():
        if not welcome_is(world, store, replace(usual, front=front), force=force):
            continue
        lines: list[str] = []
        if not (usual.cloze or GAP.search(front)):
            line = ask(world, "Back:")
            while line:
                lines.append(line)
                line = world.stdin.readline().rstrip("\r\n") if world.stdin else ""
            if not lines:
                world.print("Without a back it is no card yet; left out.")
                continue
        yield _note(front, "\n".join(lines), usual)
        usual = replace(usual, id="")


def _piped(world: Context, usual: Note) -> Iterator[Note]:
    """Yield a note for each line of standard input: both sides, a tab between."""
    text = world.read_stdin().decode("utf-8-sig", "replace")
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            front, _, back = line.partition("\t")
            if not back.strip() and not GAP.search(front):
                raise UsageError(
                    f"line {number} has no tab between front and back: {line[:60]!r}. "
                    "Nothing was added."
                )
            found.append(_note(front.strip(), back.strip(), usual))
    if not found:
        raise UsageError("Nothing to add: flashcards add FRONT BACK, or FRONT<tab>BACK a line.")
    yield from found


def _edited(world: Context, deck: str, usual: Note) -> Iterator[Note]:
    """Yield the notes that a person writes in their editor, which opens again at a fault."""
    refuse_to_edit_blindly(world)
    before = TEMPLATE.format(deck=deck, empty="")
    with tempfile.TemporaryDirectory(prefix="flashcards-") as folder:
        path = Path(folder) / "new-cards.yaml"
        path.write_text(before, encoding="utf-8")
        while True:
            if message := open_editor(path, LINE):
                raise UsageError(message)
            data = read_regular(path)
            if data.decode("utf-8", "replace") == before:
                world.print("Nothing was written; nothing was added.")
                return
            found, problems = read_deck(data, "new cards")
            if found is not None:
                break
            if not someone_is_there(world):
                raise DeckError(problems, "Nothing was added.")
            for problem in problems:
                world.print(str(problem))
            if not agree(world, "Open it again?", usually=True):
                raise DeckError(problems, "Nothing was added.")
    for note in found.notes:
        tags = tuple(dict.fromkeys((*usual.tags, *note.tags)))
        reverse = note.reverse if note.reverse is not None or note.cloze else usual.reverse
        yield replace(note, tags=tags, reverse=reverse, line=0)


def _tell(world: Context, added: Added) -> None:
    new = " (a new deck)" if added.made else ""
    for card in added.cards:
        front = " ".join(card.front.split())
        world.print(f"Added to {added.deck}{new}: {card.id}  {front}   {card.path}:{card.line}")


def _fields(deck: str, added: list[Added]) -> dict[str, object]:
    cards = [card for one in added for card in one.cards]
    return {
        "deck": deck,
        "path": added[0].path if added else None,
        "made": any(one.made for one in added),
        "added": [{"id": card.id, "front": card.front, "line": card.line} for card in cards],
    }

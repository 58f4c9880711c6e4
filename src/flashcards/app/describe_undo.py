"""Describe in a line what an undo or redo changed."""

from collections.abc import Sequence
from typing import Any

from flashcards.core.cards import CardId
from flashcards.core.events import Batch, CardLink, CatchUpPlan, Mark, Review, event_kind
from flashcards.core.quote_cards import name_cards
from flashcards.storage.index.queries import cards
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import TakenBack

DONE = {  # what each event kind or command did
    "weights": "the weights of FSRS",
    "suspend": "suspending", "unsuspend": "unsuspending", "bury": "burying", "flag": "the mark of",
    "reset": "resetting", "set-due": "the due date of", "review": "ratings for",
    "add": "adding", "edit": "editing", "import": "importing", "config": "config", "delete": "deleting",
    "move": "moving", "rename": "renaming", "tag": "tagging",
}  # fmt: skip


def describe_step(store: Store, taken: TakenBack) -> str:
    """Describe what was undone or redone."""
    event, fronts = taken.event, _fronts(store, taken.cards)
    named = name_cards(fronts)
    match event:
        case Review():
            return f"rating {event.rating} for {named}"
        case CardLink():
            old = _fronts(store, [event.old])
            return f"{named} goes on with the history of {'before' if old == fronts else name_cards(old)}"
        case CatchUpPlan() if event.first < event.until:
            return f"the days off from {event.first} until {event.until}"
        case CatchUpPlan():
            return "the catch-up plan"
        case Mark() if not event.on:
            return f"taking the mark off {named}"
    done = event.command if isinstance(event, Batch) and event.command else event_kind(event)
    about = event.about if isinstance(event, Batch) else ""
    return " ".join(word for word in (DONE.get(done, done), about or named) if word)


def step_json(store: Store, taken: TakenBack) -> dict[str, Any]:
    """Return an undone or redone step as JSON."""
    event = taken.event
    return {
        "what": event.command if isinstance(event, Batch) and event.command else event_kind(event),
        "text": describe_step(store, taken),
        "at": event.at.isoformat(timespec="milliseconds"),
        "cards": [
            {"id": card, "front": front}
            for card, front in zip(taken.cards, _fronts(store, taken.cards), strict=True)
        ],
        "files": list(event.files) if isinstance(event, Batch) else [],
        "left": list(taken.left),
        "media": taken.media,
    }


def _fronts(store: Store, named: Sequence[CardId]) -> list[str]:
    states = store.query(lambda index: [cards.any_card_state(index, card) for card in named])
    return [state.card.front if state else card for card, state in zip(named, states, strict=True)]

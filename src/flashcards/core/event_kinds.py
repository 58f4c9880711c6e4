"""The kinds of events about one card by their names, outside of the journal."""

from __future__ import annotations

from flashcards.core.events import (
    AboutCard,
    Bury,
    Flag,
    Reset,
    Review,
    SetDue,
    Suspend,
    Unsuspend,
)

KINDS: dict[type[AboutCard], str] = {
    Review: "review",
    Suspend: "suspend",
    Unsuspend: "unsuspend",
    Bury: "bury",
    Flag: "flag",
    Reset: "reset",
    SetDue: "set-due",
}

"""The commands: what `--help` says of each, and which module has it."""

from __future__ import annotations

COMMAND_HELP = {
    "today": "today at a glance and what to do next (also: no command at all)",
    "study": "study what is due, and some new cards",
    "import": "bring decks in: files, folders, or standard input",
    "export": "decks to a file that others can read: YAML, CSV, Markdown, JSON, Anki",
    "stats": "how it goes: retention, streaks, what is coming",
    "due": "one line for a prompt; exit code 0 when something waits",
    "catch-up": "after a break: the backlog in shares a day",
    "vacation": "days off in advance, and what falls due in them afterwards",
    "decks": "the decks of the library",
    "cards": "the cards that a search finds",
    "show": "one card: its text, its schedule, its history",
    "picture": "one card as the study screen shows it, as a picture (SVG)",
    "add": "new cards: front and back, line by line, or in your editor",
    "edit": "a card in your editor; its history goes on",
    "config": "settings: what they are, where from, and how to change them",
    "suspend": "stop asking a card",
    "unsuspend": "ask a suspended card again",
    "reset": "let a card start again as new",
    "undo": "take back the last thing done",
    "sync": "exchange everything with your other machines, over git",
    "check": "are these deck files sound?",
    "doctor": "is the store sound? every fault, what it costs, and what mends it",
    "backup": "put everything into one file, now",
    "restore": "bring back what a backup has and the store has not",
}
"""What `flashcards --help` lists; the module of each command has its name, but for MODULES."""
COMMAND_MODULES = {
    "import": "import_",
    "catch-up": "catch_up",
    "suspend": "card_state",
    "unsuspend": "card_state",
    "reset": "card_state",
}

"""The commands: what `--help` says of each, and which module has it."""

from __future__ import annotations

COMMAND_HELP = {
    "today": "today's overview and the next step (also shown without a command)",
    "study": "study due cards and some new ones",
    "import": "import decks from files, folders or standard input",
    "export": "export decks as YAML, CSV, Markdown, JSON or Anki",
    "stats": "your statistics: retention, streaks, forecast",
    "due": "one line for a shell prompt; exit code 0 if cards are due",
    "catch-up": "spread a backlog over several days",
    "vacation": "plan days off; cards due on them are spread over the days after",
    "decks": "list your decks",
    "browse": "your cards as a table to search, read, edit and change",
    "cards": "list the cards that match a search",
    "show": "show one card: text, schedule, history",
    "picture": "draw a card as on the study screen (SVG)",
    "add": "add cards: as arguments, line by line, or in your editor",
    "edit": "edit a card in your editor; it keeps its history",
    "delete": "delete cards, by name or by a search; their history is kept",
    "move": "move cards to another deck; they keep their history",
    "config": "show and change settings",
    "optimize": "fit the memory model FSRS to your own answers",
    "suspend": "stop asking a card",
    "unsuspend": "ask a suspended card again",
    "reset": "let a card start again as new",
    "undo": "undo the last action, whatever it was",
    "redo": "redo what was undone last",
    "sync": "exchange everything with your other machines, over git",
    "check": "check deck files for errors",
    "doctor": "check the data folder; report each problem, its effect and the fix",
    "backup": "write a backup of everything to one file",
    "restore": "restore what is missing from a backup",
    "help": "the manual, page by page",
}
"""What `flashcards --help` lists; the module of each command has its name, but for MODULES."""
COMMAND_MODULES = {
    "import": "import_",
    "catch-up": "catch_up",
    "delete": "card_changes",
    "move": "card_changes",
    "suspend": "card_state",
    "unsuspend": "card_state",
    "reset": "card_state",
    "redo": "undo",
}

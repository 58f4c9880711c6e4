"""The commands by group, with examples and help texts."""

COMMAND_GROUPS = {  # each command's example and help text, as `flashcards --help` lists them
    "Study": {
        "today": ("today", "what today holds, and the next step"),
        "study": ("study rag -n 10", "study due cards and some new ones"),
        "catch-up": ("catch-up --days 7", "spread a backlog over several days"),
        "vacation": ("vacation 24dec +10", "plan days off, and spread the cards due on them"),
        "undo": ("undo", "undo the last action, whatever it was"),
        "redo": ("redo", "redo what was undone last"),
    },
    "Cards": {
        "browse": ("browse tag:verb", "your cards as a table to search and change"),
        "cards": ("cards 'ease<2'", "list the cards that match a search"),
        "decks": ("decks", "list your decks"),
        "show": ("show chien", "show one card: text, schedule, history"),
        "add": ("add FRONT BACK -d French", "add cards; FRONT and BACK, or line by line"),
        "edit": ("edit chien", "edit a card in your editor; it keeps its history"),
        "delete": ("delete tag:old", "delete cards; their history is kept"),
        "move": ("move chien Animals", "move cards to another deck, history and all"),
        "rename": ("rename French Spanish", "rename a deck; its cards keep their history"),
        "tag": ("tag +verb -noun deck:French", "give cards tags, and take others off"),
        "set-due": ("set-due chien fri", "choose the day on which cards are due"),
        "suspend": ("suspend chien", "stop asking a card"),
        "unsuspend": ("unsuspend chien", "ask a suspended card again"),
        "reset": ("reset chien", "let a card start again as new"),
        "picture": ("picture chien -o card.svg", "draw a card as on the study screen (SVG)"),
    },
    "In and out": {
        "import": ("import deck.apkg", "import decks from files, folders or a pipe"),
        "export": ("export French -o french.csv", "export as YAML, CSV, Markdown, JSON or Anki"),
        "check": ("check french.yaml", "check deck files for errors"),
        "sync": ("sync me@host:cards.git", "exchange everything with your other machines"),
    },
    "Numbers": {
        "stats": ("stats French", "your statistics: retention, streaks, forecast"),
        "due": ("due", "due cards in a line, for a shell prompt"),
        "optimize": ("optimize --dry-run", "fit the memory model FSRS to your answers"),
    },
    "Safety and settings": {
        "backup": ("backup cards.zip", "write a backup of everything to one file"),
        "restore": ("restore cards.zip", "restore what is missing from a backup"),
        "doctor": ("doctor", "check the data folder: problems, effects, fixes"),
        "config": ("config set new_per_day 10", "show and change settings"),
        "help": ("help searching", "the manual, page by page"),
    },
}
COMMAND_HELP = {name: text for group in COMMAND_GROUPS.values() for name, (_, text) in group.items()}
CARD_CHANGES = ("delete", "move", "tag", "set-due", "rename", "suspend", "unsuspend", "reset")
COMMAND_MODULES = {  # of commands whose module has another name
    **dict.fromkeys(CARD_CHANGES, "card_changes"),
    "import": "import_",
    "catch-up": "catch_up",
    "redo": "undo",
}

"""The store on disk: decks, journal, index, backups, settings."""

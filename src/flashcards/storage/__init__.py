"""Our files: decks, the journal, the index that caches both, settings and backups."""

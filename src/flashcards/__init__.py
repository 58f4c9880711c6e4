"""Spaced repetition in the terminal: decks are YAML, progress is an append-only JSON journal."""

__version__ = "0.1.0"

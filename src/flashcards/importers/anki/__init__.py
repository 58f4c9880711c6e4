"""Anki packages and collections."""

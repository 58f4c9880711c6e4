"""Anki packages."""

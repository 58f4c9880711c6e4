"""Deck files: YAML read with the place of every fault, and changed as text."""

"""Bring the index up to date, or build it again."""

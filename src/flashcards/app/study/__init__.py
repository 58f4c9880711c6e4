"""A study session: its queue, its store port and its loop."""

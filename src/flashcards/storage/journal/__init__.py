"""The append-only journal of events."""

"""Output of commands: cards and statistics as JSON and text."""

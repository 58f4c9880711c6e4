"""Undo and redo of steps: file changes and events together."""

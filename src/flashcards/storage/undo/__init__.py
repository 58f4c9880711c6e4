"""Undo: changes of files and events as steps, taken back and done again."""

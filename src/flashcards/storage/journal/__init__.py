"""The journal: what was done, line by line, and who may write to it."""

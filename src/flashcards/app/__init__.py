"""Use cases: what the commands do."""

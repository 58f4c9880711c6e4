"""Check a store and report problems."""

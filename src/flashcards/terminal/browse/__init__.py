"""The card list: search, read, and act on cards."""

"""The library as a table: search, read, and act on cards."""

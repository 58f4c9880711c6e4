"""The doctor: a store read once, and what is asked about it."""

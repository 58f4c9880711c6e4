"""Statistics: definitions and pure computations."""

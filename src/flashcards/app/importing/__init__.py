"""The steps of `flashcards import`: found, planned, carried out, told."""

"""The index: how it is made from decks and journals, and kept up."""

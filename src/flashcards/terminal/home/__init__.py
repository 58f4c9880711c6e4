"""The home: what waits today, the decks, and keys for what one does with them."""

"""The ways of answering a card: reveal, choose, type."""

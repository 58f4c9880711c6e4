"""Parts that several importers use."""

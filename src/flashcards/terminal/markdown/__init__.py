"""A card's Markdown as styled lines."""

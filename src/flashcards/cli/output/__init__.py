"""What commands print: JSON and text of cards and statistics."""

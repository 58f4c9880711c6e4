"""Card Markdown rendered as styled lines."""

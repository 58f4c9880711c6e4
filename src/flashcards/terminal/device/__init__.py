"""The terminal itself: keys, size, colours, pictures."""

"""The terminal itself: keys, size, colours, images."""

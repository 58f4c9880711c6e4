"""The study screen, and the same session in plain lines."""

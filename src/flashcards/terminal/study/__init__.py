"""The study session, on screen and in plain lines."""

"""Text on a terminal: made safe, measured, ordered, formatted."""

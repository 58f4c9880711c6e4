"""Terminal output and input: safe text, keys, screens, reports."""

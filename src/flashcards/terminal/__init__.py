"""The person's side: safe text, keys, the study screen, reports."""

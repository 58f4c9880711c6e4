"""Org files: org-drill, org-fc, org-srs, anki-editor."""

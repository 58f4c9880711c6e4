"""That nothing is lost: backups, what a store had before, and how it began."""

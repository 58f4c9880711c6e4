"""Sync over git: the repository, the working files and their merge."""

"""Importers: a file or folder for each format."""

"""Exporters: a file or folder for each format."""

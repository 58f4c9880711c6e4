"""Parts used by several importers."""

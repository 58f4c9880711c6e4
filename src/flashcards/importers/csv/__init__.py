"""CSV, TSV and Anki's text export."""

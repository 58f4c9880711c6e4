"""The statistics as one self-contained HTML page."""

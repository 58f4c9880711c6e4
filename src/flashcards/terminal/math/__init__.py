"""LaTeX formulas in Unicode."""

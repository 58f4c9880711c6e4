"""The steps of an import: find sources, plan, apply, report."""

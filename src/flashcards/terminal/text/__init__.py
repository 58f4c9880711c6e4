"""Sanitize, measure, order and format terminal text."""

"""Printed reports: a card, its history, today."""

"""Mnemosyne exports and databases."""

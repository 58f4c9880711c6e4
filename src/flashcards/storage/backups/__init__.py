"""Backups and protection against lost history."""

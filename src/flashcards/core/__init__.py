"""The rules: pure functions and frozen values, without files, clock or terminal."""

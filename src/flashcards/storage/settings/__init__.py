"""Settings: what a person may set, and changing it as text."""

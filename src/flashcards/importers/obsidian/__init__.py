"""Notes of Obsidian's spaced repetition plug-in."""

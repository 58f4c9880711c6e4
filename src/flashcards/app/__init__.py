"""Use cases: what a command does, with the store, the importers and the terminal at hand."""

"""Read and edit deck files."""

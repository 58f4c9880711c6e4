"""Shell completion: candidates, answers and scripts."""

"""Shell completion: candidates, answers and scripts, with nothing for a shell to evaluate."""

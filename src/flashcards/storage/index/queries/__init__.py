"""What is asked of the index: each a query, its rows turned into values of the core."""

"""Templates over rows, and values as the report prints them."""

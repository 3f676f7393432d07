"""A contest for customers from the inside: pulls, bounds, and the search for the best sites."""

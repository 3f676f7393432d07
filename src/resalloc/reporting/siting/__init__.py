"""The answer of a location model as a map, a page and tables."""

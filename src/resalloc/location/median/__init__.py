"""The p-median: lists, bounds, interchange, a tree, and what is left as a model."""

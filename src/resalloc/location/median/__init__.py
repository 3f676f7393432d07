"""The p-median from the inside: lists, bounds, interchange, tree, and what is left as a model."""

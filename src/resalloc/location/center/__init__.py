"""The p-centre from the inside: rows of demand, swaps, a tree, row generation, later stages."""

"""A plan's own numbers against each other: every finding with both places and the arithmetic."""

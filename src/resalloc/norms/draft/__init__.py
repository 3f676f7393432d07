"""Norm records proposed from a plan's plain text, by rules; a person confirms them."""

"""Covering from the inside: who is within reach of whom, reductions, bounds, searches, models."""

"""Covering: who is within reach of whom, reductions, bounds, searches, models."""

"""Benchmarks of scoring: products of axes, and tables of independent scenarios."""

"""Norms become rows: one file per kind of clause."""

"""Sweeps: many futures of one district, read from a file, scored and kept."""

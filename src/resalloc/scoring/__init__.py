"""Scores: what holds, by how much, where. No solver is imported here."""

"""The summary of a sweep: pass shares, swings, trade-offs and risk by township."""

"""Who comes: attendance that falls with distance, and shares won from competitors (Huff)."""

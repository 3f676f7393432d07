"""Running work in chunks, so that it can stop at any moment and go on without loss."""

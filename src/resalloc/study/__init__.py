"""One location model on the user's own tables: read, solved, and told in figures."""

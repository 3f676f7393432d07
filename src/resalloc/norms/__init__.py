"""What the documents say: norms as data. Knows no district."""

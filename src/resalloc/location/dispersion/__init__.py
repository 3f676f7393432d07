"""Sites as far apart as can be."""

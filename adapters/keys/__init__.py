"""Private keys and the key that content is encrypted with at rest."""

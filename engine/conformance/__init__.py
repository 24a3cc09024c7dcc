"""Schema and profile rules: strict for what goes out, by agreement for what comes in."""

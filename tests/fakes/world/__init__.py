"""What is around an engine in tests: time and identifiers, keys, parties, registers, and the rest of its ports."""

"""Other people's cryptography, which reads what we write and writes what we read."""

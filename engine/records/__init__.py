"""The rows that use cases read and write, by what they are about."""

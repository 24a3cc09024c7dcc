"""What Samvik decides. Nothing below this package reads a clock, a file, a socket or a database."""

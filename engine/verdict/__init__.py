"""What a mail amounts to, by its bytes, the register and our keys alone."""

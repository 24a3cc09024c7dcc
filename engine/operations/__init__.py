"""What operations does and sees: by hand, by deadline, after a restore, and watching trust."""

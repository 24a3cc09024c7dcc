"""What the machine gives: clock, ids, a thread for large work, logs, measurements, kill hooks."""

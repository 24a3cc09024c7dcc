"""Composing messages, queueing them, and sharing out the sending among partners."""

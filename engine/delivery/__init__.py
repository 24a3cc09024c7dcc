"""Sending a message, and what receipts and bounces do to it."""

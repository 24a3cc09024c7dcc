"""Whole engines of ours, in memory or as they run, and what tests play on them."""

"""The store in memory, and rows to fill any store with."""

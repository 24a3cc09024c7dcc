"""Our schemas against the official ones: documents that use everything, and changes that both must notice."""

"""Record systems of our own parties: over HTTP, with a webhook, or with folders."""

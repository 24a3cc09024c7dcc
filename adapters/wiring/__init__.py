"""An engine put together from its settings."""

"""Stand-ins for the world, which pass the same contract suites as the real adapters."""

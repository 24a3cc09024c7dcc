"""What pure decisions are given in tests: policies, verdicts and cases, without an engine around them."""

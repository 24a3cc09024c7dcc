"""What came for a party: reading it, who may fetch it, and who is told."""

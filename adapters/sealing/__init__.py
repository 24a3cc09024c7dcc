"""The tamper-evident event log: seals, anchors and the check of both."""

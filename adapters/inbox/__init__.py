"""Towards a party's own systems: the inbox folder."""

"""Servers on loopback, real or scripted, that an engine speaks to."""

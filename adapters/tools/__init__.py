"""Tools for the people who build Samvik."""

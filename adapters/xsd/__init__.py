"""Official and own XML schemas: found, compiled, and their refusals put into words."""

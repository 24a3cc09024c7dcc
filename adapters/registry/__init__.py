"""The party register: the parties file, read, compared and kept in versions."""

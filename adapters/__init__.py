"""What touches the world: network, files, database, keys, clock."""

"""PostgreSQL: the embedded server, migrations, and the store that the engine's ports ask for."""

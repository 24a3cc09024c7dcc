"""State machines as total tables: for every state and event, what follows."""

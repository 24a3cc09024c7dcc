"""Our structured deviation document, the follow-ups in its thread, and their text for people."""

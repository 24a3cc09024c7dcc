"""The other side: what partners write, well or badly, and how they bring it."""

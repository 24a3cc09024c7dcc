"""The delivery-log page: server-rendered, read-only, usable without script. It reads, shows, and decides nothing."""

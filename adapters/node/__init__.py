"""One kind of process, a node: its roles, its ticks, and the supervisor that starts several."""

"""What every step of a commit shares: ports and policy, the actor, tasks, large work."""

"""The steps of a deviation case, by people, messages and time, and what follows from each."""

"""What the engine can say: codes with parameters, by theme. `adapters/words/` puts each into three languages."""

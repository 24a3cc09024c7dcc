"""`samvik bench`: what engines on this machine carry, how long it takes, and what the cryptography alone would."""

"""The kill proof: nodes that are killed, the partner and the judge outside of them, and builds that must fail it."""

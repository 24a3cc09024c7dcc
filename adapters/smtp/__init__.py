"""Mail servers on both sides: the listener that mail comes to, and the sender that mail leaves through."""

"""What two enterprises agreed: terms, CPAs, carriers, and how message functions are named on the wire."""

"""What a party's record system (EPJ) says of what it received."""

"""Text at the border: what files and people give is decoded here, and what people read is encoded here."""

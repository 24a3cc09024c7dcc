"""PDFs of what people wrote, with an embedded font."""

"""Features of a results event, as of its publication; one module per category."""

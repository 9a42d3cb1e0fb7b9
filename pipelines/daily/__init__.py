"""The day's filings to alerts, each once; and what was said, delivered."""

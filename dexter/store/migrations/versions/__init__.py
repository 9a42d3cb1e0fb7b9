"""The revisions, each frozen: what it once did it does forever."""

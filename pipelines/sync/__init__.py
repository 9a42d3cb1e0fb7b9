"""The market comes in: what to ask, in which order, and where it is kept."""

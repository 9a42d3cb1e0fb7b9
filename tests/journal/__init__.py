"""The journal: what is recorded, given back, replayed and verified."""

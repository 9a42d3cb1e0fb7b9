"""What agents may call: typed arguments in, typed findings out, read-only."""

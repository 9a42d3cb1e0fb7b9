"""Preregistered studies: what is asked is written down before outcomes are read."""

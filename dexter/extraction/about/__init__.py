"""Whom a document is from."""

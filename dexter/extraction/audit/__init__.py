"""Filings held against each other."""

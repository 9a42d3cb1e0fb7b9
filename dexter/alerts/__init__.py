"""Alerts on their way out: rules, routing, rendering and channels."""

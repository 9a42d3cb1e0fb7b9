"""What runs from end to end; the only place that wires parts together."""

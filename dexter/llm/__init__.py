"""Language models: adapters for providers, one retry policy, and what calls cost."""

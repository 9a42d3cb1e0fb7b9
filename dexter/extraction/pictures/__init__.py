"""Pictures of where figures stand."""

"""How the schema of a home came to be, one revision after another (Alembic)."""

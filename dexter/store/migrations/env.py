"""What Alembic runs: the revisions, inside the transaction it is handed."""

from alembic import context

from dexter.store.tables import metadata

# Alembic lends ``context`` its configuration while it runs this file, and then only.
if hasattr(context, "config"):
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata
    )
    context.run_migrations()

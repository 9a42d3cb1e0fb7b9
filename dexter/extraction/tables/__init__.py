"""Words to tables: rows, columns, header periods, unit and basis."""

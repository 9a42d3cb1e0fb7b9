"""What dexter keeps: a database, documents by hash, prices as Parquet."""

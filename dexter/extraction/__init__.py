"""Documents to statements: bytes in, typed cells with addresses out."""

"""Tables to statements: the joint search, the identities, the gate."""

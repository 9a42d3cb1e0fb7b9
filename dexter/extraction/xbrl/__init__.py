"""XBRL and inline XBRL to statements."""

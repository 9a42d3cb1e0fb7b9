"""What a file may do to its reader, found before it can."""

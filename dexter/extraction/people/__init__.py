"""What a person says of a statement, held against arithmetic."""

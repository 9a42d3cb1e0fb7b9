"""dexter: questions about Indian earnings, answered by numbers with addresses."""

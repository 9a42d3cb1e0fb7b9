"""What each command does, behind the thin declarations of ``cli.py``."""

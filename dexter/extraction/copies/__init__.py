"""A vision model's copy of a page, proven and witnessed like any reading."""

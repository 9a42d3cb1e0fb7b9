"""A consistent copy of a home taken while everything runs, and the way back.

A backup is a folder, or the same packed as ``.tar.gz``::

    home/…           every file worth keeping, databases as SQLite's own copies
    MANIFEST.json    size and hash of each, when it was taken, of which schema

What the databases name must be in it, so they are copied first: everything else is on
the disk before a row speaks of it. Then come the files, and once more those that came
meanwhile, which a file of lines may name. Caches, half-fetched documents and locks stay
behind. So do secrets, which live in the environment.
"""

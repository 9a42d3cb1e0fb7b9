"""Locks the system gives back when their holder dies."""

import sys

if sys.platform == "win32":
    import msvcrt

    def hold(handle: int) -> None:
        """Lock an open file, at once.

        Raises:
            OSError: somebody else holds it.
        """
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def hold(handle: int) -> None:
        """Lock an open file, at once.

        Raises:
            OSError: somebody else holds it.
        """
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

"""Locks on open files, which the system gives back when their holder dies."""

import sys

if sys.platform == "win32":
    import msvcrt

    def hold(handle: int, *, wait: bool = False) -> None:
        """Lock an open file: at once, or when whoever holds it has let go.

        Raises:
            OSError: somebody else holds it.
        """
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def hold(handle: int, *, wait: bool = False) -> None:
        """Lock an open file: at once, or when whoever holds it has let go.

        Raises:
            OSError: somebody else holds it.
        """
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))

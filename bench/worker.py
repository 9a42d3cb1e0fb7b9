"""One contestant in a process of its own: ``bench.worker MODULE NAME FOLDER``.

Says how long its imports took (ms), then answers each line of standard input: a number
N runs the story with N tasks and gives the seconds, ``peak`` gives the largest resident
set so far in MB.
"""

import sys
from time import perf_counter

_KB_PER_MB = 1024


def main() -> None:
    """Serve until standard input ends."""
    module, name, folder = sys.argv[1:]
    began = perf_counter()
    imported = __import__(module, fromlist=["open_flow"])
    _say((perf_counter() - began) * 1000)
    from pathlib import Path  # noqa: PLC0415 - after the imports that are timed

    flow = imported.open_flow(name, Path(folder))
    for line in sys.stdin:
        _say(_peak() if line.strip() == "peak" else flow(int(line)))


def _peak() -> float:
    """The high-water mark of this program; ``ru_maxrss`` may count its parent's."""
    if sys.platform != "linux":
        import resource  # noqa: PLC0415 - after the imports that are timed

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB_PER_MB**2
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - bare
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / _KB_PER_MB


def _say(value: float) -> None:
    sys.stdout.write(f"{value!r}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Run the exchange by hand: ``python -m tests.fake_exchange --days 30``."""

import argparse
import threading
from datetime import date

from tests.fake_exchange import Script, World, serving
from tests.fake_exchange.newspaper import ATOM, RSS


def main() -> None:
    """Serve until interrupted."""
    options = _options()
    world = World(
        seed=options.seed,
        first=options.first,
        days=options.days,
        companies=options.companies,
        announcements_per_day=options.announcements,
        results_per_day=options.results,
    )
    script = Script.random(options.seed, options.faults)
    with serving(world, script, port=options.port) as server:
        days = world.days.days
        say = f"{server.base} serves {days[0]} to {days[-1]}; its clock: {world.now}"
        print(say)  # noqa: T201 - a script talks to its terminal
        for name, value in server.environment().items():
            print(f"export {name}={value}")  # noqa: T201
        print(f"feeds: {server.base}{RSS} {server.base}{ATOM}", flush=True)  # noqa: T201
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"{server.count()} requests")  # noqa: T201


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_exchange")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2026, 5, 4))
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--companies", type=int, default=300)
    parser.add_argument("--announcements", type=int, default=200)
    parser.add_argument("--results", type=int, default=10)
    parser.add_argument("--faults", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()

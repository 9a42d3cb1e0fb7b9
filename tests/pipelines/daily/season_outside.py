"""The exchanges, a Bot API and a mail server in a process that nobody kills.

``python -m tests.pipelines.daily.season_outside SEASON`` serves until its standard
input ends. What it is to do, and what it took, is asked over a socket, so that any
number of processes may come and die.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

from tests.alerts import mail_server, telegram_server
from tests.fake_exchange import Fault, Script, Server, World, serving
from tests.pipelines.daily.season import Season

TELEGRAM_FAULTS = (
    *("busy", "error", "page", "gateway", "cut"),
    *("gateway_after", "cut_after", "torn", "slow"),
)
MAIL_FAULTS = ("full", "hang_up", "greylist", "later", "cut", "cut_after", "slow")
"""Everything that is not for good: nothing may be lost of it."""
HANG = 1.5
"""Seconds after which a slow answer comes, which is too late."""
_HICCUPS = 0.01


@dataclass(frozen=True)
class Taken:
    """A message or letter a server took, in the order it came."""

    number: int
    to: str
    text: str
    key: str = ""
    fault: str | None = None


@dataclass(frozen=True)
class Outside:
    """Where everything is, for whoever talks to it."""

    exchange: str
    telegram: str
    mail: int
    control: str

    def clock(self, at: datetime) -> None:
        """Set the exchanges' clock."""
        self._ask({"clock": at.isoformat()})

    def block(self, paths: Sequence[str]) -> None:
        """Refuse whatever matches, and nothing else."""
        self._ask({"block": list(paths)})

    def fail(self, every: float | None) -> None:
        """Let one send in so many fail, by chance; null for none."""
        self._ask({"fail": every})

    def taken(self) -> tuple[list[Taken], list[Taken]]:
        """What the Bot API and the mail server took so far."""
        said = self._ask({})
        telegram, mail = ([Taken(**one) for one in said[name]] for name in ("t", "m"))
        return telegram, mail

    def _ask(self, what: dict[str, object]) -> dict[str, Any]:
        request = Request(self.control, json.dumps(what).encode())  # noqa: S310 - ours
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            found: dict[str, Any] = json.loads(answer.read())
        return found


@contextmanager
def outside(season: Season) -> Iterator[Outside]:
    """All of it, up and running until the end."""
    with spoken_to(sys.executable, "-m", __spec__.name, season.as_json()) as there:
        yield there


@contextmanager
def spoken_to(*command: str) -> Iterator[Outside]:
    """What a process serves that calls :func:`serve`, until the end."""
    with subprocess.Popen(  # noqa: S603 - this file
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield Outside(**json.loads(process.stdout.readline()))
        process.stdin.close()


class _Control(BaseHTTPRequestHandler):
    servers: tuple[Server, telegram_server.TelegramServer, mail_server.MailServer]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(self._did(asked)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _did(self, asked: dict[str, Any]) -> dict[str, object]:
        exchange, telegram, mail = self.servers
        if "clock" in asked:
            exchange.world.now = datetime.fromisoformat(asked["clock"])
        elif "block" in asked:
            exchange.script.faults = [
                Fault("forbidden", path, times=None) for path in asked["block"]
            ]
        elif "fail" in asked:
            every = asked["fail"]
            telegram.chances = every and telegram_server.Chances(
                1, every, TELEGRAM_FAULTS
            )
            mail.chances = every and mail_server.Chances(2, every, MAIL_FAULTS)
        else:
            return {"t": _messages(telegram), "m": _letters(mail)}
        return {}

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


def _messages(telegram: telegram_server.TelegramServer) -> list[dict[str, object]]:
    return [
        asdict(Taken(one.number, one.chat, one.text, fault=one.fault))
        for one in telegram.messages
        if one.photo is None  # a chart, which follows its letter
    ]


def _letters(mail: mail_server.MailServer) -> list[dict[str, object]]:
    return [
        asdict(
            Taken(
                one.number,
                one.to[0],
                f"{one.message['Subject']}\n{one.body('plain')}",
                str(one.message["X-Dexter-Key"]),
                one.fault,
            )
        )
        for one in mail.letters
    ]


def serve(world: World, script: Script) -> None:
    """Serve until standard input ends."""
    with (
        serving(world, script) as exchange,
        telegram_server.serving(HANG) as telegram,
        mail_server.serving(hang=HANG) as mail,
    ):
        servers = (exchange, telegram, mail)
        handler = type("Control", (_Control,), {"servers": servers})
        control = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        control.daemon_threads = True
        threading.Thread(target=control.serve_forever, daemon=True).start()
        port = control.server_address[1]
        where = Outside(
            exchange.base, telegram.base, mail.port, f"http://127.0.0.1:{port}"
        )
        sys.stdout.write(f"{json.dumps(asdict(where))}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    asked = Season.from_json(sys.argv[1])
    serve(asked.world(), Script.random(asked.seed, _HICCUPS))

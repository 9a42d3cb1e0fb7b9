"""No test leaves this machine, and none reads the person's own data folder."""

import fcntl
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
_LOOPBACK = ("127.", "::1", "localhost")

# How long examples take says something of the machine alone.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Packed bytes hold the second they were packed in; two workers would differ."""
    packed = isinstance(val, bytes) and val[:2] in {b"\x1f\x8b", b"PK"}
    return argname if packed else None


class ReachedOutError(RuntimeError):
    """A test tried to open a connection beyond loopback."""


def _guard(address: object) -> None:
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(host, bytes):
        host = host.decode()
    # A path is a Unix socket, which cannot leave the machine.
    if isinstance(host, str) and not host.startswith((*_LOOPBACK, "/")):
        msg = f"tests never leave the machine; something asked for {host!r}"
        raise ReachedOutError(msg)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and look-up that is not loopback."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: object) -> None:
        _guard(address)
        connect(self, address)  # type: ignore[arg-type]  # passed through unread

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        _guard(address)
        return connect_ex(self, address)  # type: ignore[arg-type]  # as above

    def guarded_look_up(host: object, *rest: object, **options: object) -> object:
        _guard(host)
        return look_up(host, *rest, **options)  # type: ignore[arg-type]  # as above

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture(autouse=True)
def _own_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A home of its own and no keys, whatever the machine has set."""
    for name in (
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "ANTHROPIC_BASE_URL",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "DEXTER_MODEL",
        "DEXTER_DASK_SCHEDULER",
        "DEXTER_WORKERS",
        "DEXTER_TELEGRAM_TOKEN",
        "DEXTER_TELEGRAM_BASE_URL",
        "DEXTER_TELEGRAM_CHAT_ID",
        "DEXTER_SMTP_URL",
        "DEXTER_DATABASE_URL",
        "DEXTER_SMTP_PASSWORD",
        "DEXTER_WEBHOOK_SECRET",
        "DEXTER_APPRISE_URLS",
        "DEXTER_BUDGET_USD_PER_RUN",
        "DEXTER_BUDGET_USD_PER_DAY",
        "DEXTER_BUDGET_USD_PER_KEY",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path_factory.mktemp("home")))


def _made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]
) -> Path:
    """A folder all tests read, made by the first worker that asks for it."""
    base = tmp_path_factory.getbasetemp()
    if base.name.startswith("popen-"):  # a worker's own corner
        base = base.parent
    home, made = base / name, base / f"{name}.made"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(home)
            made.touch()
    return home


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample market imported, once for all tests; only to be copied."""

    def make(home: Path) -> None:
        # Quick tests need none of it.
        from dexter.settings import Settings  # noqa: PLC0415
        from pipelines.runtime import open_desk  # noqa: PLC0415

        open_desk(Settings(home=home), sample=True).close()

    return _made_once(tmp_path_factory, "sample-home", make)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; its tests skip where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def market_home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the real market alone, once for all tests; half a minute."""
    return _made_once(
        tmp_path_factory, "market-home", lambda home: _import(shared, home, "market")
    )


@pytest.fixture(scope="session")
def real_home(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the real market and filings, once for all tests; a minute or two."""
    return _made_once(
        tmp_path_factory,
        "real-home",
        lambda home: _import(shared, home, "market", "filings"),
    )


def _import(shared: Path, home: Path, *folders: str) -> None:
    from dexter.extraction.document import read  # noqa: PLC0415 - as above
    from pipelines.ingest.folder import import_folder  # noqa: PLC0415

    for folder in folders:
        import_folder(shared / "data" / folder, home, read=read)

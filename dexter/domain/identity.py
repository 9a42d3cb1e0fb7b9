"""Who a document says it is from, and where it says so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """A value printed in a document: first page it is on, the line, how often.

    ``kinds`` are the kinds of place it stands in (``letterhead``, ``signature``,
    ``reference``, ``line``); a value seen in two kinds of place is hardly a misreading.
    """

    value: str
    page: int
    line: str
    times: int = 1
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says of its sender; what it does not say once is absent.

    ``symbol`` is printed as an NSE symbol, ``security_id`` as BSE's short name. Every
    value is untrusted: a name may be misread and a code may be another company's.
    """

    name: Seen | None = None
    scrip_code: Seen | None = None
    symbol: Seen | None = None
    security_id: Seen | None = None
    isin: Seen | None = None
    cin: Seen | None = None

    def __bool__(self) -> bool:
        """Whether it says anything at all."""
        return any((self.name, self.scrip_code, self.symbol, self.isin, self.cin))

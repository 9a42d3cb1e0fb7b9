"""What a mail server answered: which of the four ways a letter failed."""

from enum import IntEnum

from dexter.alerts.outcomes import busy, down, lost, refused
from dexter.errors import DeliveryError

NAME = "email"
_PERMANENT = 500
_TOO_BIG = 552
_UNKNOWN_USER = frozenset({530, 534, 535, 538})
_QUOTA, _QUOTA_SECONDS = "5.4.5", 3600.0
"""Gmail's word for a daily limit: permanent by its code, and over tomorrow."""
RECIPIENT = "See `to` of the recipient in dexter.toml."
_SIGN_IN = (
    "Set DEXTER_SMTP_PASSWORD and `user` of [email] in dexter.toml; Gmail wants an app "
    "password, not the account's."
)
_FROM = "See `sender` of [email] in dexter.toml: the server must let you write as it."


class Step(IntEnum):
    """How far a letter came."""

    CONNECT = 0
    SIGN_IN = 1
    SENDER = 2
    RECIPIENT = 3
    CONTENT = 4


def answered(step: Step, code: int, said: str) -> DeliveryError:
    """What a refusal in the server's own words is.

    What is the operator's to mend (a password, a sender) is not held against the
    letter: it is tried again, and says what to mend.
    """
    why = f"{code} {said}"
    if _QUOTA in said:
        return busy(NAME, _QUOTA_SECONDS)
    if code < _PERMANENT:
        return down(NAME, why)
    if step is Step.SIGN_IN or code in _UNKNOWN_USER:
        return down(NAME, why, _SIGN_IN)
    if step is Step.SENDER and code != _TOO_BIG:
        return down(NAME, why, _FROM)
    if step is Step.CONNECT:
        return down(NAME, why)
    return refused(NAME, why, RECIPIENT)


def cut(step: Step, why: str) -> DeliveryError:
    """What the end of a connection is: from the content on, nobody knows."""
    return lost(NAME, why) if step is Step.CONTENT else down(NAME, why)

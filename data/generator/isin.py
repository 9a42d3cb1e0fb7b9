"""ISINs of companies that do not exist, with valid check digits."""


def isin(issuer: str, serial: int = 1) -> str:
    """An equity ISIN of the made-up ``9ZZ`` issuer block.

    Args:
        issuer: One letter that tells the issuers apart.
        serial: Security number; a face value split issues a new one.

    Returns:
        Twelve characters, the last by the ISO 6166 (Luhn) rule.
    """
    body = f"INE9ZZ{issuer}01{serial:02d}"
    return body + str(check_digit(body))


def check_digit(body: str) -> int:
    """The Luhn digit over letters written as 10..35."""
    digits = [int(d) for c in body for d in str(int(c, 36))]
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled // 10 + doubled % 10
    return -total % 10

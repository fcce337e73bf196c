"""Finds personal identifiers in a text: addresses, telephone, card, account and SSN numbers."""

import re
from collections.abc import Callable, Iterator, Mapping

Place = tuple[int, int]

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
# Addresses of a function, not of a person.
_ROLES = re.compile(
    r"^(?:info|contact|hello|hi|sales|support|help|press|media|jobs|careers|team|office|marketing|"
    r"news(?:letter)?|no-?reply|privacy|legal|billing|service|kontakt|presse|vertrieb|buero|"
    r"datenschutz|bewerbung|karriere|partners?|events?|investors?|ir)(?:[._+-]\w+)?@",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.$€£%,+-])(?:\+\d{1,3}[\s./-]?(?:\(0?\d{1,4}\)[\s./-]?)?\d{1,4}(?:[\s./-]?\d{2,4}){1,4}"
    r"|\(\d{3}\)\s?\d{3}[-.\s]\d{4}|\d{3}[-.]\d{3}[-.]\d{4}|0\d{2,4}[\s/-]\d{3,}(?:[\s-]?\d{2,}){0,3})"
    r"(?![\w%]|[.,]\d)"
)
_FEWEST_PHONE_DIGITS = 9
_CARD = re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w]|[.,-]\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b")
_SSN = re.compile(
    r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"
)  # fmt: skip
_IBAN_LENGTHS = range(15, 35)


def has_luhn_sum(digits: str) -> bool:
    """Whether digits have the check digit of payment cards (ISO/IEC 7812-1, Luhn)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def has_iban_sum(account: str) -> bool:
    """Whether an account number has the check digits of an IBAN (ISO 13616, mod 97)."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def emails(text: str) -> Iterator[Place]:
    """E-mail addresses that seem to be a person's."""
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        if not _ROLES.match(match.group()):
            yield match.span()


def phones(text: str) -> Iterator[Place]:
    """Telephone numbers, except where the same digits are a card or an account number."""
    found = list(_PHONE.finditer(text))
    taken = [*cards(text), *ibans(text), *social_security_numbers(text)] if found else []
    for match in found:
        start, end = match.span()
        has_room = all(end <= a or start >= b for a, b in taken)
        if has_room and sum(map(str.isdigit, match.group())) >= _FEWEST_PHONE_DIGITS:
            yield start, end


def cards(text: str) -> Iterator[Place]:
    """Payment card numbers with a valid check digit."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        is_real = digits[0] in "3456" and len(set(digits)) > 1
        if is_real and has_luhn_sum(digits):
            yield match.span()


def ibans(text: str) -> Iterator[Place]:
    """IBANs with valid check digits."""
    for match in _IBAN.finditer(text):
        account = re.sub(r"\s", "", match.group())
        if len(account) in _IBAN_LENGTHS and has_iban_sum(account):
            yield match.span()


def social_security_numbers(text: str) -> Iterator[Place]:
    """Numbers in the form of US Social Security numbers that may have been given out."""
    for match in _SSN.finditer(text):
        yield match.span()


DETECTORS: Mapping[str, Callable[[str], Iterator[Place]]] = {
    "email": emails,
    "phone": phones,
    "card": cards,
    "iban": ibans,
    "ssn": social_security_numbers,
}

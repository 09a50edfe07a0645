"""Organisation numbers: who a company is in Swedish registers.

Ten digits, written NNNNNN-NNNN. The first says the legal form, the third is 2 or more, the last is a check digit
(Luhn). Sole traders have none of their own: theirs is the owner's personal identity number, which is personal data.

Source: lag (1974:174) om identitetsbeteckning för juridiska personer m.fl.; Skatteverket SKV 709.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from landbank.errors import Invalid

WRITTEN = re.compile(r"^(?P<century>\d{2})?(?P<birth>\d{6})(?P<sign>[-+])?(?P<number>\d{4})$")
LEGAL_PERSON_PREFIX = "16"
COORDINATION_DAYS = 60


class LegalForm(StrEnum):
    """What the first digit says of the owner of a number."""

    ESTATE = "estate"
    PUBLIC = "public"
    FOREIGN = "foreign"
    LIMITED_COMPANY = "limited_company"
    PARTNERSHIP_SIMPLE = "simple_partnership"
    ECONOMIC_ASSOCIATION = "economic_association"
    NON_PROFIT = "non_profit"
    TRADING_PARTNERSHIP = "trading_partnership"
    SOLE_TRADER = "sole_trader"


FORM_OF_FIRST_DIGIT = {
    "1": LegalForm.ESTATE,
    "2": LegalForm.PUBLIC,
    "3": LegalForm.FOREIGN,
    "5": LegalForm.LIMITED_COMPANY,
    "6": LegalForm.PARTNERSHIP_SIMPLE,
    "7": LegalForm.ECONOMIC_ASSOCIATION,
    "8": LegalForm.NON_PROFIT,
    "9": LegalForm.TRADING_PARTNERSHIP,
}


@dataclass(frozen=True, slots=True)
class OrganisationNumber:
    """A valid number: ten digits without sign, its legal form, and whether it is a person's own number."""

    digits: str
    form: LegalForm
    is_personal: bool

    def __str__(self) -> str:
        """The number as it is written: NNNNNN-NNNN."""
        return f"{self.digits[:6]}-{self.digits[6:]}"


def parse_organisation_number(text: str) -> OrganisationNumber:
    """The number that a text holds: ten digits, or twelve with 16 (legal person) or a century (person) before them.

    Raises
    ------
    Invalid
        There are other characters or another length, the check digit is wrong, or the digits can be no number.
    """
    told = text.strip()
    found = WRITTEN.match(told.replace(" ", ""))
    if not found:
        raise Invalid("An organisation number has ten digits.", hint="Write it as 556000-0000.", where=told)
    digits = found["birth"] + found["number"]
    if luhn_sum(digits) % 10:
        raise Invalid(
            "The organisation number's check digit is wrong.",
            hint="Compare it with the register.",
            where=told,
        )
    century = found["century"]
    if int(digits[2]) >= 2 and century in (None, LEGAL_PERSON_PREFIX) and found["sign"] != "+":
        return legal_person(digits, told)
    if century != LEGAL_PERSON_PREFIX and is_birth_date(found["birth"], century):
        return OrganisationNumber(digits, LegalForm.SOLE_TRADER, is_personal=True)
    raise Invalid(
        "The digits are neither an organisation number nor a personal identity number.",
        hint="The third digit of an organisation number is 2 or more.",
        where=told,
    )


def legal_person(digits: str, told: str) -> OrganisationNumber:
    """The number of a company, association or authority; an estate's is a dead person's and stays personal."""
    form = FORM_OF_FIRST_DIGIT.get(digits[0])
    if form is None:
        raise Invalid(
            f"No legal form has organisation numbers that begin with {digits[0]}.",
            hint="Compare it with the register.",
            where=told,
        )
    return OrganisationNumber(digits, form, is_personal=form is LegalForm.ESTATE)


def luhn_sum(digits: str) -> int:
    """The Luhn sum: every second digit from the right doubled, digits of products added. Right if divisible by 10."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled)


def is_birth_date(six: str, century: str | None) -> bool:
    """Whether YYMMDD is a date of birth, in the century given or in any; coordination numbers add 60 to the day."""
    day = int(six[4:])
    day -= COORDINATION_DAYS if day > COORDINATION_DAYS else 0
    for hundreds in (century,) if century else ("18", "19", "20"):
        try:
            date(int(hundreds + six[:2]), int(six[2:4]), day)
        except ValueError:
            continue
        return True
    return False

"""Kinds of business to start from: each fills in the form, where everything can be seen and changed.

The form can say less than a need can; these are the domain's templates in the form's own terms, under the same
names. The figures are landbank's own starting points for talks, not norms.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from landbank.domain.templates import TEMPLATE_LABELS

OPEN = (("status", "ledig_nu"), ("status", "ledig_senare"), ("status", "kommande"))
"""What is or will be on offer."""

TEMPLATES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "logistics": (
        ("yta_min", "2"),
        ("anv", "J"),
        ("anv", "Z"),
        *OPEN,
        ("motorvag", "3"),
        ("motorvag_krav", "avgorande"),
        ("jarnvag", "10"),
        ("jarnvag_krav", "bra"),
        ("hamn", "20"),
        ("hamn_krav", "bra"),
        ("pris", "600"),
    ),
    "manufacturing": (
        ("yta_min", "1"),
        ("anv", "J"),
        *OPEN,
        ("el", "5"),
        ("el_krav", "avgorande"),
        ("va", "1"),
        ("motorvag", "6"),
        ("motorvag_krav", "bra"),
        ("pris", "500"),
    ),
    "workshop": (
        ("yta_min", "0,15"),
        ("yta_max", "1,5"),
        ("anv", "J"),
        ("anv", "Z"),
        *OPEN,
        ("va", "1"),
        ("motorvag", "4"),
        ("motorvag_krav", "garna"),
        ("pris", "500"),
        ("pris_krav", "avgorande"),
    ),
    "data_centre": (
        ("yta_min", "2"),
        ("anv", "E"),
        ("anv", "J"),
        ("anv", "Z"),
        *OPEN,
        ("el", "5"),
        ("fiber", "1"),
        ("fiber_krav", "viktigt"),
        ("fjarrvarme", "1"),
    ),
    "office": (
        ("anv", "C"),
        ("anv", "K"),
        *OPEN,
        ("fiber", "1"),
        ("fiber_krav", "viktigt"),
        ("fjarrvarme", "1"),
        ("fjarrvarme_krav", "garna"),
        ("motorvag", "3"),
        ("motorvag_krav", "bra"),
    ),
    "retail": (
        ("yta_min", "0,3"),
        ("anv", "C"),
        ("anv", "H"),
        *OPEN,
        ("motorvag", "2"),
        ("motorvag_krav", "avgorande"),
        ("pris", "800"),
        ("pris_krav", "bra"),
    ),
    "energy": (
        ("yta_min", "0,5"),
        ("anv", "E"),
        *OPEN,
        ("el", "10"),
        ("el_krav", "avgorande"),
        ("pris", "350"),
        ("pris_krav", "bra"),
    ),
}
"""Query parameters by the template's name, in the order in which they are offered."""


def template_query(name: str) -> str:
    """The part of an address that fills the form in from a template."""
    return "?" + urlencode((("mall", name), *TEMPLATES[name]))


def template_label(name: str, language: str) -> str:
    """What a template is called in 'sv' or 'en'."""
    return TEMPLATE_LABELS[name][1 if language == "en" else 0]

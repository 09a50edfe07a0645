"""The words for a plot's state: its public label with its day and reason, and its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landbank.api.i18n import Words
from landbank.codelists import land_uses, terms
from landbank.domain.codes import PlanningState, PublicLabel

LABEL_ORDER = (
    PublicLabel.LEDIG_NU,
    PublicLabel.LEDIG_SENARE,
    PublicLabel.KOMMANDE,
    PublicLabel.BEGRANSAD,
    PublicLabel.RESERVERAD,
    PublicLabel.EJ_TILL_SALU,
    PublicLabel.SALD,
)


def plot_name(row: Mapping[str, Any]) -> str:
    """What a plot is called: its name, or its reference where it has none."""
    return str(row["name"] or row["reference"])


def place_text(row: Mapping[str, Any]) -> str:
    """Business park and municipality, as far as they are known."""
    return ", ".join(part for part in (row["area_name"], row["municipality_name"]) if part)


def label_text(row: Mapping[str, Any], words: Words) -> str:
    """The public label with what it depends on: until when, why, which state of planning, from when."""
    text = terms("public_label")[row["label"]].label(words.language)
    detail = label_detail(row, words)
    return f"{text}{detail}"


def label_detail(row: Mapping[str, Any], words: Words) -> str:
    """What follows the label's name, with the sign between them; empty where nothing more is known."""
    match row["label"]:
        case PublicLabel.RESERVERAD if row["label_on"]:
            return " " + words.gettext("till %(day)s") % {"day": words.day(row["label_on"])}
        case PublicLabel.LEDIG_SENARE if row["label_on"]:
            return f": {words.day(row['label_on'])}"
        case PublicLabel.BEGRANSAD if row["blocking_kind"]:
            return f": {terms('restriction_kind')[row['blocking_kind']].label(words.language).lower()}"
        case PublicLabel.KOMMANDE if row["planning_state"] not in {None, PlanningState.LAGA_KRAFT}:
            return f" ({terms('planning_state')[row['planning_state']].label(words.language).lower()})"
        case PublicLabel.KOMMANDE if row["label_on"]:
            return " " + words.gettext("från %(day)s") % {"day": words.day(row["label_on"])}
    return ""


def use_text(code: str, language: str) -> str:
    """The name of a plan's use with its letter: Industri (J)."""
    known = land_uses().get(code[:1])
    return f"{known.term.label(language)} ({code})" if known else code

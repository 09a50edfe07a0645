"""An operator's own rules of the lifecycle: what they may change, and that a wrong file is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbank.codelists.lifecycle import read_lifecycles
from landbank.domain.codes import Availability
from landbank.domain.lifecycle import Statement
from landbank.domain.people import Role
from landbank.errors import Invalid
from landbank.settings import Settings
from landbank.wiring import open_landbank

OWN = """
[common]
notice_days = 14

[municipality.1441]
unused = ["markanvisad"]
personal_days = 30
[[municipality.1441.transition]]
from = ["ledig", "intresse"]
to = ["reserverad"]
needs = ["party", "valid_until", "decision_reference"]
roles = ["planner"]
longest_months = 6
[[municipality.1441.note]]
sv = "Reservation kostar."
en = "A reservation has a fee."
source = "Beslut KF 2026 § 12"
"""


def write(folder: Path, text: str) -> Path:
    """A file with the rules."""
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_rules_stand_over_landbanks_and_leave_the_rest(tmp_path: Path) -> None:
    lifecycles = read_lifecycles(write(tmp_path, OWN))
    own = lifecycles.of("1441")
    arrow = own.availability.transitions[Availability.LEDIG, Availability.RESERVERAD]

    assert (lifecycles.common.notice_days, own.notice_days, own.personal_days) == (14, 14, 30)
    assert arrow.needs == {Statement.PARTY, Statement.UNTIL, Statement.DECISION}
    assert (arrow.roles, arrow.longest_months) == ({Role.PLANNER}, 6)
    assert Availability.MARKANVISAD not in own.availability.states
    assert own.notes[0].source == "Beslut KF 2026 § 12"
    assert (
        lifecycles.of("1480")
        .availability.transitions[Availability.LEDIG, Availability.MARKANVISAD]
        .longest_months
        == 24
    )
    assert Availability.MARKANVISAD in lifecycles.common.availability.states


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[common", "is no TOML"),
        ("[states]\nx = 1", "unknown key 'states'"),
        ('[municipality.1441]\nunused = ["leasad"]', "names 'leasad'"),
        ('[municipality.1441]\nunused = "ledig"', "`unused` must be a list"),
        ('[municipality.1441]\nunused = ["ledig"]', "Terms end in 'ledig'"),
        ('[municipality.1441]\nunused = ["avtalad"]', "Nothing leads to 'sald'"),
        ('[[municipality.1441.transition]]\nfrom = ["ledig"]\nto = ["sald"]', "must need party"),
        ('[[municipality.1441.transition]]\nfrom = ["ledig"]', "has no `to`"),
        ('[[municipality.1441.transition]]\nfrom = ["ledig"]\nto = ["ledig"]', "changes nothing"),
        (
            '[[municipality.1441.transition]]\nfrom = ["avtalad"]\nto = ["sald"]\nroles = ["steward"]',
            "role 'steward', which has not the permission",
        ),
        ("[municipality.1441]\nnotice_days = -1", "`notice_days` is -1"),
        ('[municipality.1441]\nnotice_days = "x"', "must be a whole number"),
        ('[[municipality.1441.note]]\nsv = "x"\nen = "x"\nsource = ""', "or its source"),
    ],
)
def test_file_that_does_not_hold_together_is_refused_at_the_start(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        open_landbank(Settings(lifecycle=write(tmp_path, text)), "postgresql://nobody@127.0.0.1:1/x")
    assert told in refusal.value.message
    assert refusal.value.where == "LANDBANK_LIFECYCLE"


def test_file_that_is_not_there_is_named() -> None:
    with pytest.raises(Invalid, match=r"'none\.toml' can't be read"):
        read_lifecycles(Path("none.toml"))


def test_each_fact_of_a_municipality_names_its_source() -> None:
    notes = [note for lifecycle in read_lifecycles().own.values() for note in lifecycle.notes]
    assert len(notes) == 7
    assert all(note.sv and note.en and note.source for note in notes)

"""What plots hand on to those in their place: the obvious by itself, the rest by a stated choice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landbank.domain.carrying import carry
from landbank.domain.codes import Availability, CommitmentKind
from landbank.domain.commitment import Commitment, Party
from landbank.domain.handover import Choices, ChoicesNeeded, Part, Predecessor, Successor
from landbank.domain.plot_content import Content
from landbank.domain.plot_fields import NOUNS, PLOT_FIELDS
from landbank.errors import Conflict, Invalid

DAY = date(2026, 11, 24)
SHARE, SQUARE_METRES = "Proc", "Kvm"
ALFA, BETA = Party("Alfa AB", "5560000167"), Party("Beta AB", "5560000258")
OWN = {
    "municipality_code": "1441", "dataset": "d", "is_synthetic": False, "readiness": "byggklar",
    "availability": "ledig", "availability_until": None, "area_m2": 10_000.0, "area_method": "computed",
    "valid_from": DAY, "valid_to": None,
}  # fmt: skip


def fact(noun: str, number: int, **values: Any) -> dict[str, Any]:
    """A fact of a kind with this id."""
    return {"id": number, **{field.name: None for field in NOUNS[noun].fields}, **values}


def plot(
    number: int,
    *,
    commitments: tuple[Commitment, ...] = (),
    facts: Any = None,
    sources: Any = None,
    **values: Any,
) -> Predecessor:
    """A plot with these values and facts, everything else not known."""
    single = {field.name: None for field in PLOT_FIELDS} | OWN | {"reference": f"P{number}"} | values
    return Predecessor(
        number,
        Content(single, {noun: (facts or {}).get(noun, ()) for noun in NOUNS}, sources or {}),
        commitments,
    )


def split(predecessor: Predecessor, *, b: Any = None, **choices: Any) -> tuple[Successor, Successor]:
    """The plot divided into parts A and B; `choices` by noun, or `commitments`."""
    parts = [Part("A", {}, (predecessor.id,)), Part("B", b or {}, (predecessor.id,))]
    first, second = carry([predecessor], parts, chosen(**choices), absolute_codes=frozenset({SQUARE_METRES}))
    return first, second


def merge(*predecessors: Predecessor, values: Any = None, **choices: Any) -> Successor:
    """The plots made one, M."""
    parts = [Part("M", values or {}, tuple(one.id for one in predecessors))]
    return carry(predecessors, parts, chosen(**choices), absolute_codes=frozenset({SQUARE_METRES}))[0]


def chosen(commitments: Any = None, **facts: Any) -> Choices:
    """Choices; a list of parts stands for those parts without amounts."""
    return Choices(
        {
            noun: {n: where if isinstance(where, dict) else dict.fromkeys(where) for n, where in told.items()}
            for noun, told in facts.items()
        },
        {n: tuple(where) for n, where in (commitments or {}).items()},
    )


def commitment(
    number: int, kind: CommitmentKind, party: Party = ALFA, until: date | None = None
) -> Commitment:
    """A commitment that stands."""
    return Commitment(number, 1, kind, party, DAY, until)


def asked(refusal: pytest.ExceptionInfo[ChoicesNeeded]) -> dict[str, tuple[Any, ...]]:
    """The options by pointer of what a refusal asks for."""
    return {one.pointer: one.options for one in refusal.value.needed}


def test_use_and_price_per_square_metre_hold_for_each_part() -> None:
    facts = {
        "uses": (fact("uses", 1, code="J", degree=40.0, degree_code=SHARE),),
        "prices": (fact("prices", 2, tenure="forsaljning", price_sek_per_m2=400.0, basis="tomtarea"),),
    }
    for part in split(plot(1, facts=facts)):
        assert [(use["code"], use["degree"]) for use in part.facts["uses"]] == [("J", 40.0)]
        assert [price["price_sek_per_m2"] for price in part.facts["prices"]] == [400.0]
        assert "id" not in part.facts["uses"][0]


def test_what_is_not_obvious_is_asked_for_all_at_once() -> None:
    facts = {
        "uses": (fact("uses", 1, code="J", degree=5_000.0, degree_code=SQUARE_METRES),),
        "restrictions": (fact("restrictions", 2, kind="arkeologi"),),
        "utilities": (fact("utilities", 3, kind="el", capacity=5.0, capacity_unit="MW"),),
    }
    interest = commitment(9, CommitmentKind.INTEREST)
    with pytest.raises(ChoicesNeeded) as refusal:
        split(plot(1, facts=facts, availability="intresse", commitments=(interest,)))

    assert asked(refusal) == {
        "/choices/uses/1": ("A", "B"),
        "/choices/restrictions/2": ("A", "B"),
        "/choices/utilities/3": ("A", "B"),
        "/choices/commitments/9": ("A", "B"),
    }
    assert refusal.value.members()["choices"][0]["options"] == ["A", "B"]


def test_restriction_goes_where_it_is_chosen_to() -> None:
    held = plot(1, facts={"restrictions": (fact("restrictions", 2, kind="arkeologi"),)})
    first, second = split(held, restrictions={2: ["B"]})

    assert first.facts["restrictions"] == ()
    assert second.facts["restrictions"][0]["kind"] == "arkeologi"


def test_capacity_is_shared_out_and_not_doubled() -> None:
    held = plot(1, facts={"utilities": (fact("utilities", 3, kind="el", capacity=5.0, capacity_unit="MW"),)})
    first, second = split(held, utilities={3: {"A": 3.0, "B": 2.0}})
    assert [part.facts["utilities"][0]["capacity"] for part in (first, second)] == [3.0, 2.0]

    with pytest.raises(Invalid, match="how much of 5 each part gets"):
        split(held, utilities={3: ["A", "B"]})
    with pytest.raises(Invalid, match="would get 6 of 5"):
        split(held, utilities={3: {"A": 3.0, "B": 3.0}})
    assert split(held, utilities={3: ["A"]})[0].facts["utilities"][0]["capacity"] == 5.0


def test_choice_about_what_is_not_there_is_refused() -> None:
    held = plot(1, facts={"restrictions": (fact("restrictions", 2, kind="arkeologi"),)})
    with pytest.raises(Invalid, match="None of the plots has 4 among its restrictions"):
        split(held, restrictions={2: ["A"], 4: ["A"]})
    with pytest.raises(Invalid, match="'C' is no part"):
        split(held, restrictions={2: ["C"]})


def test_parts_have_names_of_their_own_and_no_area_of_the_whole() -> None:
    whole = plot(1, name="Berget", description="Vid vägen", area_declared_m2=9_000.0, net_area_m2=8_000.0)
    first, second = split(whole, b={"name": "Berget södra"})

    assert (first.values["name"], second.values["name"]) == (None, "Berget södra")
    assert first.values["description"] == "Vid vägen"
    assert (first.values["area_declared_m2"], first.values["net_area_m2"]) == (None, None)


def test_hold_of_the_whole_goes_on_in_the_part_that_is_chosen_and_the_rest_is_free() -> None:
    until = date(2027, 3, 1)
    held = plot(
        1, availability="reserverad", availability_until=until,
        commitments=(commitment(9, CommitmentKind.RESERVATION, until=until),),
    )  # fmt: skip
    first, second = split(held, commitments={9: ["A"]})

    assert (first.values["availability"], first.values["availability_until"]) == (
        Availability.RESERVERAD,
        until,
    )
    assert first.hold is not None
    assert first.hold.party == ALFA
    assert (second.values["availability"], second.values["availability_until"], second.hold) == (
        Availability.LEDIG,
        None,
        None,
    )
    with pytest.raises(Invalid, match="a hold does not end by redrawing"):
        split(held, commitments={9: []})


def test_merged_plots_keep_what_they_agree_in_and_say_alike() -> None:
    common = {"description": "Vid vägen", "source": "Plan", "confirmed_on": DAY}
    use = {"uses": (fact("uses", 1, code="J", confirmed_on=DAY),)}
    again = {"uses": (fact("uses", 2, code="J", confirmed_on=date(2026, 1, 1)),)}
    one = plot(1, **common, facts=use, property_designations=["Lerum Berg 1:1"], net_area_m2=100.0)
    other = plot(
        2, **(common | {"confirmed_on": date(2026, 5, 1)}), facts=again, net_area_m2=50.0,
        property_designations=["Lerum Berg 1:2"],
    )  # fmt: skip
    merged = merge(one, other)

    assert merged.values["description"] == "Vid vägen"
    assert merged.values["property_designations"] == ["Lerum Berg 1:1", "Lerum Berg 1:2"]
    assert (merged.values["net_area_m2"], merged.values["confirmed_on"]) == (150.0, date(2026, 5, 1))
    assert [(use["code"], use["confirmed_on"]) for use in merged.facts["uses"]] == [("J", date(2026, 1, 1))]


def test_merged_plots_that_differ_ask_which_value_holds() -> None:
    one, other = plot(1, name="Norra", height_max_m=12.0), plot(2, name="Södra", height_max_m=18.0)
    with pytest.raises(ChoicesNeeded) as refusal:
        merge(one, other)
    assert asked(refusal) == {
        "/parts/0/values/name": ("Norra", "Södra"),
        "/parts/0/values/height_max_m": (12.0, 18.0),
    }

    assert merge(one, other, values={"name": "Berget", "height_max_m": 12.0}).values["name"] == "Berget"


def test_merged_plots_ask_whether_the_use_of_one_goes_on() -> None:
    one, other = plot(1, facts={"uses": (fact("uses", 1, code="J"),)}), plot(2)
    with pytest.raises(ChoicesNeeded) as refusal:
        merge(one, other)
    assert asked(refusal) == {"/choices/uses/1": ("M",)}

    assert merge(one, other, uses={1: []}).facts["uses"] == ()
    assert merge(one, other, uses={1: ["M"]}).facts["uses"][0]["code"] == "J"


def test_restriction_of_one_plot_restricts_the_merged_one() -> None:
    one = plot(1, facts={"restrictions": (fact("restrictions", 1, kind="buller"),)})
    assert [fact["kind"] for fact in merge(one, plot(2)).facts["restrictions"]] == ["buller"]


def test_plots_of_different_holders_do_not_become_one() -> None:
    until = date(2027, 3, 1)
    held = [
        plot(
            n, availability="reserverad", availability_until=until,
            commitments=(commitment(n, CommitmentKind.RESERVATION, party, until),),
        )
        for n, party in ((1, ALFA), (2, BETA))
    ]  # fmt: skip
    with pytest.raises(Conflict, match="different parties"):
        merge(*held)


def test_free_ground_joins_a_reserved_plot_only_if_that_is_said() -> None:
    until = date(2027, 3, 1)
    reserved = plot(
        1, availability="reserverad", availability_until=until,
        commitments=(commitment(9, CommitmentKind.RESERVATION, until=until),),
    )  # fmt: skip
    with pytest.raises(ChoicesNeeded) as refusal:
        merge(reserved, plot(2))
    assert asked(refusal)["/parts/0/values/availability"] == (Availability.RESERVERAD, Availability.LEDIG)

    merged = merge(reserved, plot(2), values={"availability": "reserverad"})
    assert (merged.values["availability"], merged.values["availability_until"]) == (
        Availability.RESERVERAD,
        until,
    )
    with pytest.raises(Conflict, match="while a party holds"):
        merge(reserved, plot(2), values={"availability": "ledig"})


def test_source_of_a_value_goes_on_with_the_value() -> None:
    source = {"source": "Plankarta", "method": None, "note": None, "confirmed_on": DAY}
    first, second = split(
        plot(1, height_max_m=12.0, sources={"height_max_m": source}), b={"height_max_m": 9.0}
    )

    assert first.sources == {"height_max_m": source}
    assert second.sources == {}

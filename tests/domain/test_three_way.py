"""Two people in the same plot: nothing that either did is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.three_way import Document, Side, merge, said

BASE: Document = {
    "name": "Norra",
    "height_max_m": 12.0,
    "tenures": ["forsaljning"],
    "sources": {"height_max_m": {"source": "Plankarta"}},
    "uses": [{"id": 1, "code": "J"}, {"id": 2, "code": "Z"}],
    "restrictions": [{"id": 5, "kind": "buller", "is_blocking": False}],
}


def test_fields_that_one_side_touched_are_merged() -> None:
    told = merge(BASE, BASE | {"name": "Södra"}, BASE | {"height_max_m": 15.0})

    assert (told.document["name"], told.document["height_max_m"]) == ("Södra", 15.0)
    assert told.open == ()
    assert [(one.place, one.side) for one in told.differences] == [
        (("name",), Side.THEIRS),
        (("height_max_m",), Side.MINE),
    ]


def test_field_that_both_touched_waits_for_a_choice_and_mine_stands_meanwhile() -> None:
    theirs, mine = BASE | {"name": "Södra"}, BASE | {"name": "Östra"}
    told = merge(BASE, theirs, mine)

    assert (told.open, told.document["name"]) == ((("name",),), "Östra")
    chosen = merge(BASE, theirs, mine, {("name",): Side.THEIRS})
    assert (chosen.open, chosen.document["name"]) == ((), "Södra")


def test_both_did_the_same_is_no_conflict() -> None:
    assert merge(BASE, BASE | {"name": "Södra"}, BASE | {"name": "Södra"}).open == ()


def test_fact_that_they_changed_has_another_id_and_is_the_same_fact() -> None:
    theirs = BASE | {"restrictions": [{"id": 9, "kind": "buller", "is_blocking": True}]}
    mine = BASE | {"restrictions": [{"id": 5, "kind": "buller", "is_blocking": False, "owner": "Miljö"}]}
    told = merge(BASE, theirs, mine)

    assert told.open == (("restrictions", "5"),)
    assert told.document["restrictions"] == [
        {"id": 9, "kind": "buller", "is_blocking": False, "owner": "Miljö"}
    ]


def test_fact_that_they_removed_and_i_changed_waits_for_a_choice() -> None:
    mine = BASE | {"uses": [{"id": 1, "code": "J", "precision_text": "ej hamn"}, {"id": 2, "code": "Z"}]}
    told = merge(BASE, BASE | {"uses": [{"id": 2, "code": "Z"}]}, mine)

    assert told.open == (("uses", "1"),)
    assert {"code": "J", "precision_text": "ej hamn"} in told.document["uses"]
    gone = merge(BASE, BASE | {"uses": [{"id": 2, "code": "Z"}]}, mine, {("uses", "1"): Side.THEIRS})
    assert gone.document["uses"] == [{"id": 2, "code": "Z"}]


def test_facts_that_both_added_stand_once_where_they_are_the_same() -> None:
    theirs = BASE | {"uses": [*BASE["uses"], {"id": 7, "code": "K"}]}
    mine = BASE | {"uses": [*BASE["uses"], {"code": "K"}, {"code": "H"}]}

    assert [one["code"] for one in merge(BASE, theirs, mine).document["uses"]] == ["J", "Z", "K", "H"]


VALUES = st.sampled_from([None, "a", "b"])
NUMBERS = st.sampled_from([None, 1.0, 2.0])


@st.composite
def documents(draw: st.DrawFn, base: Document | None = None, ids: int = 100) -> Document:
    """A document; of another one, with some of its facts kept, changed or gone, and others added."""
    uses: list[dict[str, Any]] = []
    for one in (base or {"uses": []})["uses"]:
        fate = draw(st.sampled_from(["kept", "changed", "gone"]))
        if fate == "kept":
            uses.append(dict(one))
        elif fate == "changed":
            ids += 1
            # saved by them a changed fact has a new id, typed by me the old one
            uses.append(one | {"id": ids if ids > 200 else one["id"], "precision_text": draw(VALUES)})
    codes = draw(st.lists(st.sampled_from("EHKV" if base else "JZ"), unique=True, max_size=2))
    for code in codes:
        ids += 1
        uses.append({"id": ids, "code": code, "precision_text": draw(VALUES)})
    source = draw(VALUES)
    return {
        "name": draw(VALUES),
        "height_max_m": draw(NUMBERS),
        "uses": uses,
        "sources": {"name": {"source": source}} if source else {},
    }


@st.composite
def cases(draw: st.DrawFn) -> tuple[Document, Document, Document]:
    """As both opened it, as they saved it, as I wrote it: new facts of mine have no id."""
    base = draw(documents())
    theirs, mine = draw(documents(base, 200)), draw(documents(base, 150))
    known = {one["id"] for one in base["uses"]}
    for one in mine["uses"]:
        if one["id"] not in known:
            del one["id"]
    return base, theirs, mine


def content(document: Document) -> dict[str, Any]:
    """What a document says, whatever its facts' ids and order."""
    return {
        "name": document.get("name"),
        "height_max_m": document.get("height_max_m"),
        "sources": document.get("sources", {}),
        "uses": sorted(str(said(one)) for one in document["uses"]),
    }


@settings(max_examples=150, deadline=None)
@given(cases())
def test_choosing_one_side_everywhere_gives_what_it_wrote(case: tuple[Document, Document, Document]) -> None:
    base, theirs, mine = case
    places = [one.place for one in merge(base, theirs, mine).differences]

    for side, whose in ((Side.THEIRS, theirs), (Side.MINE, mine)):
        told = merge(base, theirs, mine, dict.fromkeys(places, side))
        assert told.open == ()
        assert content(told.document) == content(whose)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_nothing_that_either_did_is_lost(case: tuple[Document, Document, Document]) -> None:
    base, theirs, mine = case
    told = merge(base, theirs, mine)
    shown = {str(said(value)) for one in told.differences for value in (one.theirs, one.mine)}
    kept = {str(said(one)) for one in told.document["uses"]} | shown

    for document in (theirs, mine):
        for fact in document["uses"]:
            assert str(said(fact)) in kept
        for name in ("name", "height_max_m"):
            if document[name] != base[name]:
                assert document[name] == told.document[name] or (name,) in told.open


@settings(max_examples=100, deadline=None)
@given(cases())
def test_one_who_did_nothing_changes_nothing(case: tuple[Document, Document, Document]) -> None:
    base, theirs, _ = case
    told = merge(base, theirs, base)

    assert told.open == ()
    assert content(told.document) == content(theirs)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_facts_that_go_on_name_ids_of_the_document_that_was_saved(
    case: tuple[Document, Document, Document],
) -> None:
    base, theirs, mine = case
    ids = [one["id"] for one in merge(base, theirs, mine).document["uses"] if "id" in one]

    assert set(ids) <= {one["id"] for one in theirs["uses"]}
    assert len(ids) == len(set(ids))

"""A server of one's own: asked before it is used, and never told of with its password."""

from __future__ import annotations

import pytest

from landbank.cluster import describe_address, inspect_server, refuse_silent_server
from landbank.errors import Invalid, Unavailable

SECRET = "hemligt-lösen"


def test_server_with_postgis_tells_its_versions(database_url: str) -> None:
    facts = inspect_server(database_url)

    assert int(facts.postgresql.split(".")[0]) >= 15
    assert all(number[0].isdigit() for number in (facts.postgis, facts.geos, facts.proj))


def test_database_without_postgis_says_what_puts_it_there(server: str) -> None:
    with pytest.raises(Unavailable, match="PostGIS is not in this database") as refusal:
        inspect_server(server)

    assert "landbank migrate" in str(refusal.value.hint)


def test_missing_database_is_named(server: str) -> None:
    with pytest.raises(Unavailable, match='database "no_such_inventory" does not exist'):
        refuse_silent_server(server.replace("/postgres?", "/no_such_inventory?"))


def test_silent_server_is_named_without_its_password() -> None:
    with pytest.raises(Unavailable) as refusal:
        refuse_silent_server(f"postgresql://planner:{SECRET}@127.0.0.1:1/landbank")

    assert "database landbank on 127.0.0.1:1" in refusal.value.message
    assert SECRET not in str(refusal.value)


def test_address_is_described_without_user_and_password() -> None:
    told = describe_address(f"postgresql://planner:{SECRET}@db.example.org:5433/tomter")

    assert told == "database tomter on db.example.org:5433"


def test_text_that_is_no_address_is_not_repeated() -> None:
    with pytest.raises(Invalid) as refusal:
        refuse_silent_server(f"postgresql://planner:{SECRET}@[oops/landbank")

    assert SECRET not in str(refusal.value)
    assert refusal.value.__suppress_context__

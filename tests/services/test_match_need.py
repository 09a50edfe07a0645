"""Matching over a real inventory: SQL written apart agrees plot by plot, and columns are held per revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from landbank.domain.columns import PER_PLOT, Columns
from landbank.domain.need import Must, Need, Weight, Wish
from landbank.services.advise_match import advise_match, explain_in_full, seed_of
from landbank.services.load_demo import load_demo
from landbank.services.match_document import answer_document, as_json
from landbank.services.match_need import HeldColumns, count_choices, explain_plot, match_need
from landbank.wiring import Landbank

pytestmark = pytest.mark.postgis

SQL = """
WITH asked AS (SELECT CAST(:day AS date) AS day, CAST(:area AS float8) AS area, CAST(:uses AS text[]) AS uses,
    CAST(:power AS float8) AS power),
levels AS (
  SELECT plot_id, CASE capacity_unit WHEN 'kW' THEN capacity / 1000 ELSE capacity END AS mw, is_firm,
    coalesce(available_on, '-infinity') AS since
  FROM landbank.utility, asked
  WHERE kind = 'el' AND superseded_at IS NULL AND coalesce(available_on <= day, true)),
facts AS (
  SELECT p.id, p.area_m2, m.code,
    (SELECT array_agg(code) FROM landbank.plot_use u
     WHERE u.plot_id = p.id AND superseded_at IS NULL AND NOT is_excluded) AS uses,
    (SELECT coalesce(array_agg(code), '{}') FROM landbank.plot_use u
     WHERE u.plot_id = p.id AND superseded_at IS NULL AND is_excluded) AS excluded,
    (SELECT min(price_sek_per_m2) FROM landbank.price x WHERE x.plot_id = p.id AND superseded_at IS NULL
       AND tenure = 'forsaljning') AS price,
    (SELECT max(coalesce(price_max_sek_per_m2, price_sek_per_m2)) FROM landbank.price x WHERE x.plot_id = p.id
       AND superseded_at IS NULL AND tenure = 'forsaljning') AS price_max,
    (SELECT round(min(ST_Distance(i.location, p.location))) FROM landbank.infrastructure i
     WHERE kind = 'motorway_junction') AS motorway,
    (SELECT bool_or(is_at_boundary) FROM landbank.utility x WHERE x.plot_id = p.id AND superseded_at IS NULL
       AND kind = 'fiber') AS fibre,
    (SELECT count(*) FROM landbank.utility x WHERE x.plot_id = p.id AND superseded_at IS NULL AND kind = 'el'
       AND capacity IS NOT NULL) AS stated,
    least(firm.mw, doubtful.least) AS power_low, greatest(firm.mw, doubtful.most) AS power_high,
    p.availability
  FROM landbank.plot p JOIN landbank.municipality m ON m.code = p.municipality_code
  LEFT JOIN LATERAL (
    SELECT coalesce(x.mw, 0) AS mw, coalesce(x.since, '-infinity') AS since FROM (SELECT) one LEFT JOIN (
      SELECT mw, since FROM levels l WHERE l.plot_id = p.id AND is_firm ORDER BY since DESC, mw DESC LIMIT 1) x ON true
  ) firm ON true
  LEFT JOIN LATERAL (
    SELECT min(mw) AS least, max(mw) AS most FROM levels l
    WHERE l.plot_id = p.id AND is_firm IS NULL AND l.since > firm.since
  ) doubtful ON true
  WHERE p.valid_to IS NULL),
judged AS (
  SELECT id,
    ARRAY[area_m2 >= a.area,
      CASE WHEN f.uses IS NULL THEN CASE WHEN a.uses <@ excluded THEN false END
           ELSE EXISTS (SELECT FROM unnest(f.uses) AS u WHERE u = ANY (a.uses) AND NOT u = ANY (excluded)) END,
      CASE WHEN stated > 0 AND power_low >= a.power THEN true WHEN stated > 0 AND power_high < a.power THEN false END,
      coalesce(availability NOT IN ('sald', 'avtalad'), true)] AS verdicts,
    CASE WHEN price_max IS NOT NULL THEN least(greatest((1200 - price_max) / 1000, 0), 1) END AS price_low,
    CASE WHEN price IS NOT NULL THEN least(greatest((1200 - price) / 1000, 0), 1) END AS price_high,
    CASE WHEN motorway IS NOT NULL THEN least(greatest((11000 - motorway) / 10000, 0), 1) END AS road,
    fibre::int AS fibre
  FROM facts f, asked a)
SELECT id, CASE WHEN false = ANY (verdicts) THEN 'C' WHEN array_position(verdicts, NULL) IS NOT NULL THEN 'B' ELSE 'A' END AS tier,
  100 * (0.5 * coalesce(price_low, 0) + 0.25 * coalesce(road, 0) + 0.25 * coalesce(fibre, 0)) AS low,
  100 * (0.5 * coalesce(price_high, 1) + 0.25 * coalesce(road, 1) + 0.25 * coalesce(fibre, 1)) AS high
FROM judged ORDER BY id
"""

NEED = Need(
    musts=(
        Must("area_m2", ">=", 8_000),
        Must("use", "any_of", ("J", "Z")),
        Must("power_mw", ">=", 1),
        Must("label", "none_of", ("sald",)),
    ),
    wishes=(
        Wish("price_sek_per_m2", ((200, 1), (1_200, 0)), Weight.IMPORTANT),
        Wish("motorway_m", ((1_000, 1), (11_000, 0)), Weight.USEFUL),
        Wish("fibre", weight=Weight.USEFUL),
    ),
    limit=1_000,
)


@pytest.fixture
def filled(landbank: Landbank) -> Landbank:
    """The synthetic inventory of 400 plots."""
    with landbank.changing(actor="test") as store:
        load_demo(store, on=date(2026, 11, 23), plots=400, seed=7)
    return landbank


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2029, 6, 1), date(2035, 1, 1)])
@pytest.mark.parametrize(("area", "uses", "power"), [(8_000, ("J", "Z"), 1), (50_000, ("K",), 0.2)])
def test_sql_written_apart_gives_every_plot_the_same_tier_and_bounds(
    filled: Landbank, day: date, area: float, uses: tuple[str, ...], power: float
) -> None:
    need = Need(
        musts=(
            Must("area_m2", ">=", area),
            Must("use", "any_of", uses),
            Must("power_mw", ">=", power),
            NEED.musts[3],
        ),
        wishes=NEED.wishes,
        date=day,
        limit=1_000,
    )
    with filled.reading() as store:
        found = match_need(need, store.catalogue, HeldColumns()).answer
        bound = {"day": day, "area": area, "uses": list(uses), "power": power}
        rows = store.connection.execute(text(SQL), bound).all()
        bases = {
            row.plot_id
            for row in store.connection.execute(
                text("SELECT plot_id FROM landbank.plot_facts WHERE price_basis <> 'tomtarea'")
            )
        }
    compared = {one.plot_id: one for one in found.matches}
    assert len(compared) == len(rows) == 400
    for row in rows:
        one = compared[row.id]
        assert str(one.tier) == row.tier, row.id
        if row.id not in bases:
            assert (one.score_low, one.score_high) == pytest.approx((row.low, row.high), abs=1e-6), row.id
    assert {row.tier for row in rows} == {"A", "B", "C"}


def test_answer_is_the_same_bytes_for_the_same_need_and_revision(filled: Landbank) -> None:
    answers = set()
    for held in (HeldColumns(), HeldColumns(), filled.columns, filled.columns):
        with filled.reading() as store:
            answers.add(as_json(answer_document(match_need(NEED, store.catalogue, held))))
    assert len(answers) == 1


def test_full_answer_follows_from_need_and_revision_and_runs_two_statements(filled: Landbank) -> None:
    from sqlalchemy import event

    run: list[Any] = []
    found = []
    for _ in range(2):
        with filled.reading() as store:
            if found:
                event.listen(store.connection, "before_cursor_execute", lambda *told: run.append(told[2]))
            found.append(advise_match(NEED, store.catalogue, filled.columns, against=3))
    assert (found[0].seed, found[0].advice) == (found[1].seed, found[1].advice)
    assert len(run) == 2
    assert seed_of(NEED, 1) != seed_of(NEED, 2)
    assert seed_of(NEED, 1) == seed_of(replace(NEED, title="x", template="office", limit=3), 1)


def test_one_plot_in_full_is_what_the_whole_answer_says_of_it(filled: Landbank) -> None:
    with filled.reading() as store:
        whole = advise_match(NEED, store.catalogue, filled.columns)
        for match in whole.matched.answer.matches[:60:6]:
            one = explain_in_full(NEED, match.plot_id, store.catalogue, filled.columns)
            assert (one.told, one.match.musts) == (whole.advice.plots[match.plot_id], match.musts)


def test_columns_are_read_again_only_after_a_change(filled: Landbank) -> None:
    held = HeldColumns()
    with filled.reading() as store:
        first = held.of(store.catalogue)
    with filled.reading() as store:
        assert held.of(store.catalogue) is first
    with filled.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET area_m2 = 123456 WHERE id = 1"))
    with filled.reading() as store:
        after = held.of(store.catalogue)
    assert (after.revision, after.area_m2[0]) == (first.revision + 1, 123456)


CHANGES = (
    "UPDATE landbank.plot SET area_m2 = 123456, environment_class = 'A' WHERE id IN (3, 5)",
    "INSERT INTO landbank.utility (plot_id, kind, capacity, capacity_unit, is_firm) VALUES (7, 'el', 44, 'MW', true)",
    "UPDATE landbank.price SET superseded_at = landbank.change_time() WHERE plot_id = 9 AND superseded_at IS NULL",
    "UPDATE landbank.plot SET valid_to = current_date WHERE id = 11",
    (
        "INSERT INTO landbank.plot (municipality_code, reference, dataset, location, availability)"
        " SELECT municipality_code, 'NEW', dataset, location, 'ledig' FROM landbank.plot WHERE id = 1"
    ),
    "UPDATE landbank.plan SET state = 'upphavd' WHERE id = (SELECT min(plan_id) FROM landbank.plot)",
    (
        "INSERT INTO landbank.infrastructure (kind, name, source, location)"
        " SELECT 'port', 'Nya kajen', 'test', location FROM landbank.plot WHERE id = 1"
    ),
)
"""A change of a plot, of its facts, an end, a new plot, and changes of what many plots follow."""


def test_refreshed_columns_are_those_that_are_read_whole_after_each_kind_of_change(filled: Landbank) -> None:
    held = HeldColumns()
    with filled.reading() as store:
        before = held.of(store.catalogue)
    for statement in CHANGES:
        with filled.changing(actor="test") as store:
            store.connection.execute(text(statement))
        with filled.reading() as store:
            after, whole = held.of(store.catalogue), store.catalogue.columns()
        assert after.revision == whole.revision > before.revision
        assert_same(after, whole)
        before = after


def test_change_of_one_plot_is_not_a_reading_of_all(filled: Landbank) -> None:
    with filled.reading() as store:
        before = store.catalogue.columns()
    with filled.changing(actor="test") as store:
        store.connection.execute(text(CHANGES[0]))
    with filled.reading() as store:
        read = store.catalogue.columns([3, 5])
        after = store.catalogue.refreshed(before)
    assert read.plot_id.tolist() == [3, 5]
    assert after is not None
    assert len(after) == 400
    # what was held is untouched: a match that runs over it never sees the later revision
    assert (before.revision + 2, before.area_m2[2] == 123456) == (after.revision, False)
    assert after.area_m2[[2, 4]].tolist() == [123456, 123456]


def test_other_day_and_too_many_changes_are_read_whole(
    filled: Landbank, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.reading() as store:
        held = store.catalogue.columns()
        assert store.catalogue.refreshed(replace(held, day=date(2020, 1, 1))) is None
    with filled.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET area_m2 = 1 WHERE id <= 3"))
    monkeypatch.setattr("landbank.store.catalogue.MOST_REFRESHED", 2)
    with filled.reading() as store:
        assert store.catalogue.refreshed(held) is None


def assert_same(one: Columns, other: Columns) -> None:
    """Hold two sets of columns to the same values, bit by bit."""
    assert (one.revision, one.day, one.points) == (other.revision, other.day, other.points)
    for name in PER_PLOT:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for name in ("plot", "from_day", "mw", "firm"):
        np.testing.assert_array_equal(getattr(one.power, name), getattr(other.power, name), err_msg=name)


def test_transaction_that_began_before_a_change_never_gets_later_columns(filled: Landbank) -> None:
    held = HeldColumns()
    with filled.reading() as early:
        revision = early.catalogue.stamp().revision
        with filled.changing(actor="test") as store:
            store.connection.execute(text("UPDATE landbank.plot SET area_m2 = 123456 WHERE id = 1"))
        with filled.reading() as late:
            newest = held.of(late.catalogue)
        assert held.of(early.catalogue).revision == revision
        with filled.reading() as late:
            assert held.of(late.catalogue) is newest


def test_two_statements_answer_a_need_once_the_columns_are_held(filled: Landbank) -> None:
    from sqlalchemy import event

    run: list[Any] = []
    with filled.reading() as store:
        match_need(NEED, store.catalogue, filled.columns)
        event.listen(store.connection, "before_cursor_execute", lambda *told: run.append(told[2]))
        match_need(NEED, store.catalogue, filled.columns)
    assert len(run) == 2


def test_one_plot_is_explained_as_in_the_list(filled: Landbank) -> None:
    with filled.reading() as store:
        first = match_need(NEED, store.catalogue, filled.columns).answer.matches[0]
        found, named, asked = explain_plot(NEED, first.plot_id, store.catalogue, filled.columns)
    assert found == first
    assert named.reference
    assert asked.date is not None


def test_count_of_a_choice_is_what_ticking_it_gives(filled: Landbank) -> None:
    with filled.reading() as store:
        counted = count_choices(NEED, store.catalogue, filled.columns)["use"]["K"]
        musts = (NEED.musts[0], Must("use", "any_of", ("K",)), *NEED.musts[2:])
        ticked = match_need(Need(musts=musts), store.catalogue, filled.columns).answer.counts
    assert (counted.a, counted.b) == (ticked.a, ticked.b)


def test_document_has_parts_that_add_up_as_shown(filled: Landbank) -> None:
    with filled.reading() as store:
        document = answer_document(match_need(NEED, store.catalogue, filled.columns))
    for one in document["matches"]:
        won = sum(round(part["points"] * 10) for part in one["contributions"])
        lost = sum(round(part["lost"] * 10) for part in one["contributions"])
        assert (won, lost) == (round(one["score"] * 10), 1000 - round(one["score"] * 10))
        assert one["score_low"] <= one["score"] <= one["score_high"]

"""Fitting, joining and dividing plots of a real inventory: outlines come as stored, answers hold for their version."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shapely
from sqlalchemy import text

from landbank.domain.fit.buildable import buildable_zone
from landbank.domain.fit.footprint import FitAnswer, Footprint
from landbank.domain.fit.ground import prepare
from landbank.domain.fit.search import fit
from landbank.domain.need import Must, Need
from landbank.domain.people import SYSTEM
from landbank.errors import Invalid, NotFound
from landbank.services.find_assemblies import describe_assembly, find_assemblies_for, read_neighbourhood
from landbank.services.fit_document import fit_document, fit_drawing, subdivision_document
from landbank.services.fit_plots import divide, find_shape, fit_on
from landbank.settings import Settings
from landbank.store.database import begin_change
from landbank.store.plot_shapes import PlotShapes
from landbank.wiring import Landbank, open_landbank

pytestmark = pytest.mark.postgis

PLOTS = """
INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg'), ('1441', 'Lerum');
INSERT INTO landbank.plan (municipality_code, reference, state) VALUES ('1480', 'P1', 'laga_kraft');
INSERT INTO landbank.plot (id, municipality_code, plan_id, reference, dataset, readiness, availability, owner_kind,
  area_m2, minimum_lot_m2, is_subdividable, valid_from, valid_to, geometry, location)
OVERRIDING SYSTEM VALUE VALUES
  (1, '1480', (SELECT id FROM landbank.plan), 'A', 'test', 'byggklar', 'ledig', 'kommun', 5000, 1000, true,
   '2020-01-01', NULL, ST_Multi(ST_MakeEnvelope(320000, 6400000, 320100, 6400050, 3006)), ST_Point(320050, 6400025, 3006)),
  (2, '1480', (SELECT id FROM landbank.plan), 'B', 'test', 'byggklar', 'ledig', 'privat', 4000, NULL, NULL,
   '2020-01-01', NULL, ST_Multi(ST_MakeEnvelope(320106, 6400000, 320186, 6400050, 3006)), ST_Point(320150, 6400025, 3006)),
  (3, '1480', NULL, 'C', 'test', 'byggklar', 'sald', NULL, 6000, NULL, NULL,
   '2020-01-01', NULL, ST_Multi(ST_MakeEnvelope(320000, 6400050, 320100, 6400110, 3006)), ST_Point(320050, 6400080, 3006)),
  (4, '1441', NULL, 'D', 'test', NULL, 'ledig', NULL, NULL, NULL, NULL,
   '2020-01-01', NULL, NULL, ST_Point(330000, 6400000, 3006)),
  (5, '1480', NULL, 'E', 'test', NULL, NULL, NULL, 100, NULL, NULL,
   '2020-01-01', '2021-01-01', ST_Multi(ST_MakeEnvelope(320100, 6400000, 320106, 6400050, 3006)), ST_Point(320103, 6400025, 3006))
"""


@pytest.fixture(scope="module")
def plots(databases: Callable[[], str]) -> Iterator[Landbank]:
    """A, and B 6 m east of it, are free; C north of A is sold; D is a point; E between A and B has ended."""
    landbank = open_landbank(Settings(), databases())
    with landbank.changing(actor="test") as store:
        for statement in PLOTS.split(";\n"):
            store.connection.execute(text(statement.replace(":", r"\:")))
    yield landbank
    landbank.close()


def test_footprint_is_fitted_on_the_outline_as_it_is_stored(plots: Landbank) -> None:
    with plots.reading() as store:
        plot = find_shape(store.plot_shapes, 1)
    assert plot.outline is not None
    assert plot.outline.equals(shapely.box(320_000, 6_400_000, 320_100, 6_400_050))
    assert fit_on(plot, [Footprint(87, 37)], set_back_m=6).together.answer is FitAnswer.FITS  # type: ignore[union-attr]
    assert fit_on(plot, [Footprint(89, 37)], set_back_m=6).together.answer is FitAnswer.DOES_NOT_FIT  # type: ignore[union-attr]


def test_areas_given_are_taken_out(plots: Landbank) -> None:
    with plots.reading() as store:
        plot = find_shape(store.plot_shapes, 1)
    pipe = shapely.box(320_048, 6_399_000, 320_052, 6_401_000)
    found = fit_on(plot, [Footprint(60, 20)], areas={"easement": [pipe]})

    assert fit_document(found)["answer"] == "does_not_fit"
    assert fit_document(found)["taken_m2"] == {"set_back": 0, "easement": 200}
    assert [one.role for one in fit_drawing(found)] == ["plot", "zone"]


def test_plot_that_is_only_a_point_is_unknown_and_not_a_no(plots: Landbank) -> None:
    with plots.reading() as store:
        plot = find_shape(store.plot_shapes, 4)
    told = fit_document(fit_on(plot, [Footprint(10, 10)]))

    assert (told["answer"], told["because"]) == ("unknown", "no_outline")
    assert subdivision_document(divide(plot, area_m2=10))["because"] == "no_outline"


def test_key_changes_with_the_version_of_the_plot(plots: Landbank) -> None:
    def key(shapes: PlotShapes) -> str:
        return fit_on(find_shape(shapes, 1), [Footprint(10, 10)]).key

    with plots.rehearsing() as store:
        before = key(store.plot_shapes)
        assert key(store.plot_shapes) == before
        begin_change(store.connection, actor=SYSTEM)
        store.connection.execute(text("UPDATE landbank.plot SET name = 'Nytt namn' WHERE id = 1"))
        assert key(store.plot_shapes) != before


@pytest.mark.parametrize("plot_id", [0, -1, 5, 99, 2**63])
def test_plot_that_is_not_current_is_not_found(plots: Landbank, plot_id: int) -> None:
    with plots.reading() as store, pytest.raises(NotFound):
        find_shape(store.plot_shapes, plot_id)


def test_plots_own_minimum_lot_and_word_on_dividing_are_used(plots: Landbank) -> None:
    with plots.reading() as store:
        first, second = find_shape(store.plot_shapes, 1), find_shape(store.plot_shapes, 2)
    known = subdivision_document(divide(first, area_m2=500, minimum_lot_m2=1))
    unknown = subdivision_document(divide(second, area_m2=500))

    # The plot's own 1 000 m² stand, whatever was given.
    assert known["wanted"]["minimum_lot_m2"] == 1_000
    assert min(one["piece_m2"] for one in known["proposals"]) >= 1_000
    assert known["ask"] == ["road_front"]
    assert unknown["ask"] == ["is_subdividable", "minimum_lot", "road_front"]


def test_neighbours_are_found_by_true_distance(plots: Landbank) -> None:
    with plots.reading() as store:
        near = {within: list(store.plot_shapes.near(1, within_m=within)) for within in (0.0, 5.9, 6.1)}

    assert near == {0.0: [3], 5.9: [3], 6.1: [2, 3]}


def test_outlines_leave_out_points_and_ended_plots(plots: Landbank) -> None:
    with plots.reading() as store:
        assert list(store.plot_shapes.outlines([5, 4, 3, 1, 99])) == [1, 3]


def test_assembly_is_found_told_and_joined(plots: Landbank) -> None:
    need = Need(musts=(Must("area_m2", ">=", 8_500),))
    with plots.reading() as store:
        columns = store.catalogue.columns()
        hood = read_neighbourhood(store.plot_shapes, columns, most_gap_m=8)
        found = find_assemblies_for(need, hood, on=columns.day)
        facts, ground = describe_assembly(store.plot_shapes, hood, found.found.sets[0], on=columns.day)

    assert [columns.plot_id[list(one)].tolist() for one in found.found.sets] == [[1, 2]]
    assert found.rows.area_m2.tolist() == [9_000]
    assert (facts.plot_ids, facts.owner_kinds, facts.plans) == ((1, 2), ("kommun", "privat"), ("P1",))
    assert facts.earliest_on == columns.day
    assert (ground.is_whole, round(ground.strips_m2)) == (True, 300)


def test_assembly_is_fitted_as_one_plot(plots: Landbank) -> None:
    with plots.reading() as store:
        columns = store.catalogue.columns()
        hood = read_neighbourhood(store.plot_shapes, columns, most_gap_m=8)
        _, ground = describe_assembly(store.plot_shapes, hood, (0, 1), on=columns.day)
    zone = buildable_zone(ground.shape, set_back_m=4).shape

    # 100 + 6 + 80 m by 50 m, less 4 m all around: longer than either plot.
    assert fit(prepare(zone), Footprint(177.9, 41.9)).answer is FitAnswer.FITS
    assert fit(prepare(zone), Footprint(179, 41)).answer is FitAnswer.DOES_NOT_FIT


def test_barrier_between_leaves_no_assembly_unless_it_may_be_crossed(plots: Landbank) -> None:
    need = Need(musts=(Must("area_m2", ">=", 8_500),))
    road = shapely.LineString([(320_103, 6_399_000), (320_103, 6_401_000)])
    with plots.reading() as store:
        columns = store.catalogue.columns()
        hood = read_neighbourhood(store.plot_shapes, columns, most_gap_m=8, barriers=[road])
    assert find_assemblies_for(need, hood, on=columns.day).found.sets == ()
    assert len(find_assemblies_for(need, hood, on=columns.day, across_barriers=True).found.sets) == 1


def test_same_question_has_the_same_answer(plots: Landbank) -> None:
    with plots.reading() as store:
        plot = find_shape(store.plot_shapes, 3)
    one, other = (
        fit_document(fit_on(plot, [Footprint(45, 30), Footprint(20, 20)], gap_m=4)) for _ in range(2)
    )
    assert one == other


def test_outline_with_more_corners_than_are_worked_with_is_unknown(plots: Landbank) -> None:
    circle = "ST_Multi(ST_Buffer(location, 60, 'quad_segs=2000'))"
    with plots.rehearsing() as store:
        begin_change(store.connection, actor=SYSTEM)
        store.connection.execute(text(f"UPDATE landbank.plot SET geometry = {circle} WHERE id = 1"))
        plot = find_shape(store.plot_shapes, 1)
    told = fit_document(fit_on(plot, [Footprint(10, 10)]))
    assert (told["answer"], told["because"]) == ("unknown", "too_many_corners")


@pytest.mark.parametrize("asked", [{"set_back_m": -1}, {"set_back_m": 501}, {"gap_m": -1}])
def test_distance_that_cannot_be_is_refused_whatever_the_plot(
    plots: Landbank, asked: dict[str, float]
) -> None:
    with plots.reading() as store:
        plot = find_shape(store.plot_shapes, 4)
    with pytest.raises(Invalid):
        fit_on(plot, [Footprint(10, 10)], **asked)

"""The synthetic inventory: parks, plans and plots with all their facts, batch by batch.

Same arguments, same rows, byte for byte: every draw comes from generators seeded by `seed` and the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.demo.access_rows import access_rows
from landbank.demo.batch import Batch, Columns
from landbank.demo.context import SOURCE, Context
from landbank.demo.draw import Objects, as_multipolygons, as_objects, share
from landbank.demo.fact_rows import price_rows, restriction_rows, source_rows, use_rows
from landbank.demo.network_rows import utility_rows
from landbank.demo.parks import Park, draw_park
from landbank.demo.plan_rows import PLANNED_STATES, plan_rows
from landbank.demo.plot_columns import plot_columns
from landbank.demo.scene import Scene, set_scene
from landbank.demo.setting import Border, Infrastructure
from landbank.errors import Invalid
from landbank.geo.area import geodesic_area_m2

BATCH = 10_000


def generate(
    plots: int = 250,
    seed: int = 1,
    *,
    borders: Sequence[Border],
    infrastructure: Infrastructure,
    on: date,
    batch: int = BATCH,
) -> Iterator[Batch]:
    """Batches of whole parks with about `batch` plots each, together exactly `plots` plots.

    Parameters
    ----------
    borders
        The municipalities to build in, EPSG:3006. Anchors of data/demo.toml say where parks lie; a municipality
        without anchors gets random ones, as many as its area asks for.
    infrastructure
        Points that plots keep clear of; distances to them are measured by the database, minutes are invented.
    on
        The day that dates and freshness are seen from.

    Raises
    ------
    Invalid
        `plots` is below 1, or the land has no room for them.
    """
    if plots < 1:
        raise Invalid("An inventory needs at least one plot.", where="plots")
    scene = set_scene(plots, seed, borders=borders, infrastructure=infrastructure, on=on)
    for number, (first, last) in enumerate(park_ranges(scene.counts, batch)):
        rng = np.random.default_rng((seed, 1, number))
        drawn = draw_batch(rng, scene, range(first, last))
        contacts = {"contact": contact_rows(scene)} if number == 0 else {}
        yield Batch(int(scene.counts[first:last].sum()), contacts | drawn)


def park_ranges(counts: NDArray[np.int64], batch: int) -> Iterator[tuple[int, int]]:
    """First park and the one after the last of each batch."""
    first, held = 0, 0
    for park, n in enumerate(counts.tolist()):
        if held and held + n > batch:
            yield first, park
            first, held = park, 0
        held += n
    yield first, len(counts)


def draw_batch(rng: np.random.Generator, scene: Scene, parks: range) -> dict[str, Columns]:
    """The tables of the batch, contacts excepted."""
    drawn = [
        draw_park(rng, scene.sites[park], scene.sizes_of(park), int(scene.counts[park])) for park in parks
    ]
    polygons = np.concatenate([park.plots for park in drawn])
    location = shapely.point_on_surface(polygons)
    these = settle(rng, scene, parks, polygons, location)
    columns = plot_columns(rng, these, as_multipolygons(polygons), location)
    return {
        "area": area_rows(scene, parks, drawn),
        "plan": plan_rows(
            rng, scene.sites, parks, state=scene.states, names=scene.names, drawn=drawn, on=scene.on
        ),
        "plot": columns,
        "plot_use": use_rows(rng, these),
        "restriction": restriction_rows(rng, these),
        "utility": utility_rows(rng, these),
        "access": access_rows(rng.spawn(1)[0], these, scene.infrastructure),
        "price": price_rows(rng, these, columns["tenures"]),
        "value_source": source_rows(rng, these, columns["dwelling_distance_m"], columns["confirmed_on"]),
    }


def settle(
    rng: np.random.Generator, scene: Scene, parks: range, polygons: Objects, location: Objects
) -> Context:
    """What the plots get from their park and their geometry."""
    counts = scene.counts[parks.start : parks.stop]
    park = np.repeat(np.arange(parks.start, parks.stop), counts)
    codes = [scene.sites[i].municipality for i in parks]
    contact = np.repeat([scene.contact_sets[code] for code in codes], counts)
    state = scene.states[park]
    unknown = share(rng, len(park), 0.06)
    return Context(
        on=scene.on,
        id=scene.starts[parks.start] + 1 + np.arange(len(park)),
        municipality=repeated(codes, counts),
        municipality_name=repeated([scene.municipality_names[code] for code in codes], counts),
        stem=repeated([scene.names[i][0] for i in parks], counts),
        number=np.concatenate([np.arange(1, k + 1) for k in counts]),
        area=park + 1,
        plan=np.where(np.isin(state, PLANNED_STATES) & ~unknown, park + 1, 0),
        sales=2 * contact + 1,
        steward=2 * contact + 2,
        state=state,
        is_plan_unknown=unknown,
        theme=scene.themes[park],
        level=scene.levels[park],
        area_m2=np.round(geodesic_area_m2(polygons), 1),
        xy=shapely.get_coordinates(location),
    )


def repeated(values: Sequence[str], counts: NDArray[np.int64]) -> Objects:
    """Each park's value, once for each of its plots."""
    return np.repeat(as_objects(values), counts)


def area_rows(scene: Scene, parks: range, drawn: Sequence[Park]) -> Columns:
    """The columns of table `area`: the parks."""
    outlines = as_objects([park.outline for park in drawn])
    return {
        "id": np.arange(parks.start, parks.stop) + 1,
        "municipality_code": np.array([scene.sites[i].municipality for i in parks], dtype=object),
        "name": np.array([scene.names[i][1] for i in parks], dtype=object),
        "description": np.full(len(parks), f"{SOURCE}: området finns inte.", dtype=object),
        "geometry": as_multipolygons(outlines),
        "is_synthetic": np.ones(len(parks), dtype=np.bool_),
    }


def contact_rows(scene: Scene) -> Columns:
    """The columns of table `contact`: a sales function and a steward function for each municipality with parks."""
    titles = (
        ("sales", "Näringslivsenheten", "naringsliv"),
        ("steward", "Mark- och exploateringsenheten", "mark"),
    )
    rows = [(code, *title) for code in scene.contact_sets for title in titles]
    return {
        "id": np.arange(1, len(rows) + 1),
        "municipality_code": as_objects([code for code, _, _, _ in rows]),
        "kind": as_objects([kind for _, kind, _, _ in rows]),
        "title": as_objects([title for _, _, title, _ in rows]),
        "email": as_objects([f"{mailbox}.{code}@example.org" for code, _, _, mailbox in rows]),
        "is_synthetic": np.ones(len(rows), dtype=np.bool_),
    }

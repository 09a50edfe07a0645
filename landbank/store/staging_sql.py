"""The statements of an import, made for the fields that its file states; a field not stated stays as it is."""

# ruff: noqa: S608 - every name in these statements is a constant of this room; values stand in tables

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landbank.store.staging_facts import fact_statements
from landbank.store.staging_fields import (
    ASIDE,
    COLUMN_TYPES,
    GROUPS,
    LINKS,
    NEEDED,
    NUMBER,
    PLOT_FIELDS,
    RECORDS,
    SETS,
)

SAME_GROUND_M = 0.01
"""Outlines whose corners lie nearer than this are the same: what rounding in a file does to coordinates."""

AS_STORED = {
    "price_max_sek_per_m2": "coalesce({said}, s.price_sek_per_m2)",
    "price_basis": "CASE WHEN s.price_sek_per_m2 IS NOT NULL THEN coalesce({said}, 'tomtarea') END",
    "price_decided_on": "CASE WHEN s.price_sek_per_m2 IS NOT NULL THEN {said} END",
}
"""What the flat view will show of a stated field, where other fields bear on it."""

AS_STORED_WITH_MAXIMUM = {
    "power_mw": "CASE WHEN s.power_max_mw IS NULL OR {later} THEN {said} ELSE greatest({said}, s.power_max_mw) END",
    "power_max_mw": "greatest({said}, {now})",
    "power_max_on": "CASE WHEN s.power_max_mw IS NOT NULL THEN {said} END",
    "power_max_is_firm": "CASE WHEN s.power_max_mw IS NOT NULL THEN {said} END",
}

COMPUTED_AREA = "CASE WHEN s.area_method = 'computed' THEN s.area_m2 END"

PLACES_OF_MOVED = """
    SELECT k.row_number, k.plot_id, s.geometry, s.geometry_tile
    FROM import_here k JOIN import_batch s ON s.row = k.row_number
    WHERE s.geometry IS NOT NULL AND k.difference ? 'outline'
"""


def overlap_statement(places: str) -> str:
    """Notes which plots of before the import share ground with outlines.

    `places` is a query that gives row_number, plot_id (or null), geometry and geometry_tile of each.
    """
    return f"""
        WITH placed AS MATERIALIZED ({places}) -- first the few rows that matter, then the index on plots for each
        INSERT INTO import_overlap (row_number, plot_id, area_m2)
        SELECT n.row_number, p.id, a.shared
        FROM placed n JOIN landbank.plot p ON p.geometry_tile && n.geometry_tile
        CROSS JOIN LATERAL (SELECT CASE WHEN ST_Intersects(p.geometry, n.geometry)
          THEN ST_Area(ST_Intersection(p.geometry, n.geometry)) ELSE 0 END AS shared) a
        WHERE p.valid_to IS NULL AND p.id <= :last_id AND p.id IS DISTINCT FROM n.plot_id AND a.shared > 1
    """


MOST_DRAWN = 200
"""Corners of an outline that a difference shows; one with more is told by its area and place alone."""


def drawn(geometry: str) -> str:
    """An outline for a small drawing, to the decimetre; an object without members where it has too many corners."""
    return (
        f"CASE WHEN ST_NPoints({geometry}) <= {MOST_DRAWN} THEN jsonb_build_object('drawn', ST_AsText({geometry}, 1))"
        " ELSE '{}'::jsonb END"
    )


@dataclass(frozen=True, slots=True)
class ImportStatements:
    """SQL for batches with these columns in `import_batch`."""

    fields: tuple[str, ...]

    @property
    def stated(self) -> tuple[str, ...]:
        """The fields that the file states and that are compared row by row."""
        return tuple(name for name in self.fields if name not in ASIDE)

    def _stands(self, name: str) -> str:
        """What stands of a field; a straight distance is derived and stands for nothing."""
        if name in RECORDS:
            return f"r.{name}"
        if name.endswith("_method"):
            return f"nullif(f.{name}, 'crow_fly')"
        if f"{name.removesuffix('_m')}_method" in COLUMN_TYPES:
            return f"CASE WHEN f.{name.removesuffix('_m')}_method <> 'crow_fly' THEN f.{name} END"
        if name == "planning_state" and "plan_state" in self.fields:
            return "coalesce(r.own_planning_state, s.plan_state, f.planning_state)"
        return f"f.{name}"

    def _shown(self, name: str) -> str:
        """What the flat view is to show after the row is written."""
        said = f"s.{name}"
        if name in NEEDED:
            return f"coalesce({said}, f.{name})"
        if name in RECORDS:
            return self._records(name)
        if name.startswith("price_") and "price_sek_per_m2" in self.fields:
            return AS_STORED.get(name, "{said}").format(said=said)
        if name.startswith("power_") and "power_max_mw" in self.fields:
            later = "s.power_max_on > current_date" if "power_max_on" in self.fields else "false"
            now = "s.power_mw" if "power_mw" in self.fields else "NULL"
            return AS_STORED_WITH_MAXIMUM[name].format(said=said, later=later, now=now)
        return said

    def _records(self, name: str) -> str:
        """What the row says in the order of the view; degrees only of uses that the plot is to have."""
        uses = "s.use_codes" if "use_codes" in self.fields else "f.use_codes"
        these = f" WHERE o ->> 'code' = ANY ({uses})" if name == "use_degrees" else ""
        return f"""coalesce((SELECT jsonb_agg(o ORDER BY o)
            FROM jsonb_array_elements(CAST(s.{name} AS jsonb)) AS t(o){these}), '[]'::jsonb)"""

    def _wanted(self, name: str) -> str:
        """What is to stand: what the row says, or what stands already where its value was not taken."""
        group = next((group for group in GROUPS if name in group), (name,))
        names = ", ".join(f"'{one}'" for one in group)
        is_taken = rf"s.kept IS NULL OR NOT string_to_array(s.kept, E'\x1e') && ARRAY[{names}]"
        return f"CASE WHEN {is_taken} THEN {self._shown(name)} ELSE b.{name} END"

    def _differs(self, name: str) -> str:
        if name in SETS:
            return f"ARRAY(SELECT DISTINCT unnest(b.{name}) ORDER BY 1) IS DISTINCT FROM coalesce(w.{name}, '{{}}')"
        if COLUMN_TYPES[name] == NUMBER:
            return (
                f"(b.{name} IS NULL) <> (w.{name} IS NULL)"
                f" OR abs(b.{name} - w.{name}) > 1e-9 * greatest(abs(b.{name}), abs(w.{name}))"
            )
        return f"b.{name} IS DISTINCT FROM w.{name}"

    def settle_known(self) -> str:
        """Say of each row, whose plot stands, that it changes nothing, until something is found."""
        return """
            UPDATE import_here k SET state = 'unchanged', is_repaired = s.is_repaired
            FROM import_batch s WHERE s.row = k.row_number
        """

    def find_differences(self) -> str:
        """Mark the rows that say something else than what stands, with what stood and what they say."""
        differs = " OR ".join(["g.moved", *(f"({self._differs(name)})" for name in self.stated)])
        outline = f"""
            CASE WHEN g.moved THEN jsonb_build_object('outline', jsonb_build_array(
              jsonb_build_object('area_m2', round(f.area_m2::numeric, 1), 'location', ST_AsText(f.location, 2))
                || {drawn("f.geometry")},
              jsonb_build_object('area_m2', round(({COMPUTED_AREA})::numeric, 1),
                                 'location', ST_AsText(s.location, 2)) || {drawn("s.geometry")}))
            ELSE '{{}}'::jsonb END"""
        return rf"""
            UPDATE import_here k SET state = 'changed', difference = {outline}
              || coalesce(landbank.difference(to_jsonb(b), to_jsonb(w)), '{{}}'::jsonb)
            FROM import_batch s, {self._standing()}, {self._before_and_wanted()},
              LATERAL (SELECT {self._moved()} AS moved) g
            WHERE k.row_number = s.row AND k.state = 'unchanged' AND f.plot_id = k.plot_id
              AND {self._of_here("unchanged")} AND ({differs})
        """

    def _standing(self) -> str:
        """The views of what stands: records only where they are asked for, since they cost as much again."""
        asks = "plan_state" in self.fields or any(name in RECORDS for name in self.fields)
        records = " JOIN landbank.plot_records r ON r.plot_id = f.plot_id" if asks else ""
        return f"landbank.plot_facts f{records}"

    def _of_here(self, state: str) -> str:
        """That what stands is that of the batch's plots; said to each view, which would gather the facts of all plots.

        The views join more tables than the planner orders by itself (join_collapse_limit).
        """
        ids = f"ANY (ARRAY(SELECT plot_id FROM import_here WHERE state = '{state}'))"
        return " AND ".join(
            f"{view}.plot_id = {ids}" for view in ("f", "r") if f" {view}" in self._standing()
        )

    def _before_and_wanted(self) -> str:
        """The compared fields as they stand, `b`, and as they are to stand, `w`."""
        if not self.stated:
            return "LATERAL (SELECT true AS nothing) b, LATERAL (SELECT true AS nothing) w"
        before = ", ".join(f"{self._stands(name)} AS {name}" for name in self.stated)
        wanted = ", ".join(f"{self._wanted(name)} AS {name}" for name in self.stated)
        return f"LATERAL (SELECT {before}) b, LATERAL (SELECT {wanted}) w"

    def _moved(self) -> str:
        """Whether the row puts the plot elsewhere. A point never replaces an outline."""
        return f"""
            CASE WHEN s.geometry IS NULL AND f.geometry IS NOT NULL THEN false
                 WHEN s.geometry IS NULL THEN ST_Distance(s.location, f.location) > {SAME_GROUND_M}
                 WHEN f.geometry IS NULL THEN true
                 WHEN s.geometry = f.geometry THEN false
                 WHEN ST_NPoints(s.geometry) + ST_NPoints(f.geometry) > 4000
                 THEN ST_Area(ST_SymDifference(s.geometry, f.geometry)) > {SAME_GROUND_M} * ST_Perimeter(s.geometry)
                 ELSE ST_HausdorffDistance(s.geometry, f.geometry) > {SAME_GROUND_M} END"""

    def write_changes(self) -> Iterator[str]:
        """Write the batch's changed rows; plots first, then their facts."""
        yield self._update_plots()
        yield from fact_statements(self.fields)

    def write_facts_of_new(self) -> Iterator[str]:
        """Write the facts of rows whose plots have just been made: there is nothing that they supersede."""
        for statement in fact_statements(self.fields):
            if not statement.lstrip().startswith("UPDATE"):
                yield statement

    def _plot_fields(self) -> list[str]:
        return [name for name in self.stated if name in PLOT_FIELDS]

    def _update_plots(self) -> str:
        fields = self._plot_fields()
        states_area = "area_declared_m2" in fields
        declared = "w.area_declared_m2" if states_area else "NULL"
        only_declared = f"{str(states_area).lower()} AND p.geometry IS NULL AND {declared} IS NOT NULL"
        places = {
            "geometry": "CASE WHEN k.difference ? 'outline' THEN coalesce(s.geometry, p.geometry) ELSE p.geometry END",
            "location": "CASE WHEN k.difference ? 'outline' THEN s.location ELSE p.location END",
            "area_m2": f"CASE WHEN k.difference ? 'outline' THEN coalesce({COMPUTED_AREA}, p.area_m2)"
            f" WHEN {only_declared} THEN {declared} ELSE p.area_m2 END",
            "area_method": "CASE WHEN k.difference ? 'outline' AND s.area_method = 'computed' THEN 'computed'"
            f" WHEN {only_declared} THEN 'declared' ELSE p.area_method END",
        }
        links = {link.column: f"s.{link.column}" for link in LINKS if link.column in self.fields}
        # a value that the view takes from elsewhere (the plan's state) is written only where it differs
        values = {
            name: f"CASE WHEN k.difference ? '{name}' THEN w.{name} ELSE p.{name} END" for name in fields
        }
        sets = {**places, **links, **values}
        return f"""
            UPDATE landbank.plot p SET {", ".join(f"{name} = n.{name}" for name in sets)}
            FROM (
              SELECT k.plot_id, {", ".join(f"{value} AS {name}" for name, value in sets.items())}
              FROM import_here k JOIN import_batch s ON s.row = k.row_number
              JOIN landbank.plot p ON p.id = k.plot_id
              JOIN {self._standing()} ON f.plot_id = k.plot_id, {self._before_and_wanted()}
              WHERE k.state = 'changed' AND {self._of_here("changed")}
            ) n WHERE p.id = n.plot_id
        """

"""The statements of an import, made for the fields that its file states; a field not stated stays as it is."""

# ruff: noqa: S608 - every name in these statements is a constant of this room; values stand in tables

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landbank.store.staging_facts import UTILITIES, fact_statements

TEXT, TEXTS, NUMBER, DAY, CLAIM = "text", "text[]", "double precision", "date", "boolean"

BASE_COLUMNS = {
    "row": "integer NOT NULL",
    "municipality_code": TEXT,
    "reference": TEXT,
    **dict.fromkeys(("geometry", "location", "geometry_tile", "location_tile"), "geometry"),
    "morton": "bigint",
    "area_m2": NUMBER,
    "area_method": TEXT,
    "is_repaired": CLAIM,
    "kept": TEXT,
    "notes": TEXT,
}
"""What every row comes with: the area that counts, its method, and texts with their fields (exchange/rows.py)."""

PLOT_FIELDS = {
    **dict.fromkeys(
        ("name", "planning_state", "readiness", "availability", "owner_kind", "description", "dataset"), TEXT
    ),
    **dict.fromkeys(("source", "source_url"), TEXT),
    **dict.fromkeys(("property_designations", "tenures"), TEXTS),
    **dict.fromkeys(("ready_on", "available_on", "availability_until", "confirmed_on"), DAY),
    **dict.fromkeys(("area_declared_m2", "net_area_m2", "minimum_lot_m2"), NUMBER),
    **dict.fromkeys(("height_max_m", "dwelling_distance_m"), NUMBER),
    **dict.fromkeys(("is_subdividable", "is_synthetic"), CLAIM),
}
LINKED_FIELDS = {"area_name": TEXT, "plan_reference": TEXT}
FACT_FIELDS = {
    **dict.fromkeys(("use_codes", "excluded_use_codes"), TEXTS),
    "price_basis": TEXT,
    **dict.fromkeys(("power_mw", "power_max_mw", "price_sek_per_m2", "price_max_sek_per_m2"), NUMBER),
    **dict.fromkeys(("power_max_on", "price_decided_on"), DAY),
    **dict.fromkeys(("power_max_is_firm", *UTILITIES), CLAIM),
}
SETS = ("tenures", "use_codes", "excluded_use_codes")
COLUMN_TYPES = {**BASE_COLUMNS, **PLOT_FIELDS, **LINKED_FIELDS, **FACT_FIELDS}

NEEDED = {"dataset": ":dataset", "is_synthetic": "false"}
"""Fields that a plot can't be without, and what stands where a row says nothing."""

SAME_GROUND_M = 0.01
"""Outlines whose corners lie nearer than this are the same: what rounding in a file does to coordinates."""

GROUPS = (
    ("price_sek_per_m2", "price_max_sek_per_m2", "price_basis", "price_decided_on"),
    ("power_mw", "power_max_mw", "power_max_on", "power_max_is_firm"),
)
"""Fields that stand in one row of facts: where a value of one was not taken, the others stay as well."""

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


@dataclass(frozen=True, slots=True)
class ImportStatements:
    """SQL for batches with these columns in `import_batch`."""

    fields: tuple[str, ...]

    @property
    def stated(self) -> tuple[str, ...]:
        """The fields beyond key and place that the file states."""
        return tuple(name for name in self.fields if name not in BASE_COLUMNS)

    def _states(self, *names: str) -> bool:
        return any(name in self.fields for name in names)

    def _shown(self, name: str) -> str:
        """What the flat view is to show after the row is written."""
        said = f"s.{name}"
        if name in NEEDED:
            return f"coalesce({said}, f.{name})"
        if name.startswith("price_") and "price_sek_per_m2" in self.fields:
            return AS_STORED.get(name, "{said}").format(said=said)
        if name.startswith("power_") and "power_max_mw" in self.fields:
            later = "s.power_max_on > current_date" if "power_max_on" in self.fields else "false"
            now = "s.power_mw" if "power_mw" in self.fields else "NULL"
            return AS_STORED_WITH_MAXIMUM[name].format(said=said, later=later, now=now)
        return said

    def _wanted(self, name: str) -> str:
        """What is to stand: what the row says, or what stands already where its value was not taken."""
        group = next((group for group in GROUPS if name in group), (name,))
        names = ", ".join(f"'{one}'" for one in group)
        is_taken = rf"s.kept IS NULL OR NOT string_to_array(s.kept, E'\x1e') && ARRAY[{names}]"
        return f"CASE WHEN {is_taken} THEN {self._shown(name)} ELSE f.{name} END"

    def _differs(self, name: str) -> str:
        if name in SETS:
            return f"ARRAY(SELECT DISTINCT unnest(f.{name}) ORDER BY 1) IS DISTINCT FROM coalesce(w.{name}, '{{}}')"
        if COLUMN_TYPES[name] == NUMBER:
            return (
                f"(f.{name} IS NULL) <> (w.{name} IS NULL)"
                f" OR abs(f.{name} - w.{name}) > 1e-9 * greatest(abs(f.{name}), abs(w.{name}))"
            )
        return f"f.{name} IS DISTINCT FROM w.{name}"

    def settle_known(self) -> str:
        """Say of each row, whose plot stands, that it changes nothing, until something is found."""
        return """
            UPDATE import_here k SET state = 'unchanged', is_repaired = s.is_repaired
            FROM import_batch s WHERE s.row = k.row_number
        """

    def find_differences(self) -> str:
        """Mark the rows that say something else than what stands, with what stood and what they say."""
        wanted = ", ".join(f"{self._wanted(name)} AS {name}" for name in self.stated)
        differs = " OR ".join(["g.moved", *(f"({self._differs(name)})" for name in self.stated)])
        before = ", ".join(f"'{name}', f.{name}" for name in self.stated)
        after = ", ".join(f"'{name}', w.{name}" for name in self.stated)
        outline = f"""
            CASE WHEN g.moved THEN jsonb_build_object('outline', jsonb_build_array(
              jsonb_build_object('area_m2', round(f.area_m2::numeric, 1), 'location', ST_AsText(f.location, 2)),
              jsonb_build_object('area_m2', round(({COMPUTED_AREA})::numeric, 1),
                                 'location', ST_AsText(s.location, 2))))
            ELSE '{{}}'::jsonb END"""
        return rf"""
            UPDATE import_here k SET state = 'changed', difference = {outline}
              || coalesce(landbank.difference(jsonb_build_object({before}), jsonb_build_object({after})), '{{}}'::jsonb)
            FROM import_batch s, landbank.plot_facts f,
              LATERAL (SELECT {wanted or "true"}) w,
              LATERAL (SELECT {self._moved()} AS moved) g
            WHERE k.row_number = s.row AND k.state = 'unchanged' AND f.plot_id = k.plot_id AND ({differs})
        """

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
        yield from self._add_linked()
        yield self._update_plots()
        yield from fact_statements(self.fields)

    def write_facts_of_new(self) -> Iterator[str]:
        """Write the facts of rows whose plots have just been made: there is nothing that they supersede."""
        for statement in fact_statements(self.fields):
            if not statement.lstrip().startswith("UPDATE"):
                yield statement

    def _add_linked(self) -> Iterator[str]:
        for name, table, column in (("area_name", "area", "name"), ("plan_reference", "plan", "reference")):
            if name in self.fields:
                yield f"""
                    INSERT INTO landbank.{table} (municipality_code, {column})
                    SELECT DISTINCT s.municipality_code, s.{name} FROM import_batch s
                    WHERE s.{name} IS NOT NULL AND NOT EXISTS (SELECT FROM landbank.{table} t
                      WHERE t.municipality_code = s.municipality_code AND t.{column} = s.{name})
                    ORDER BY 1, 2
                """

    def _links(self) -> tuple[list[str], str]:
        """Columns that point to other tables, with the joins that find them."""
        columns, joins = [], ""
        if self._states("area_name"):
            columns.append("area_id")
            joins += " LEFT JOIN landbank.area a ON a.municipality_code = s.municipality_code AND a.name = w.area_name"
        if self._states("plan_reference"):
            columns.append("plan_id")
            joins += (
                " LEFT JOIN landbank.plan l"
                " ON l.municipality_code = s.municipality_code AND l.reference = w.plan_reference"
            )
        return columns, joins

    def _plot_fields(self) -> list[str]:
        return [name for name in self.stated if name in PLOT_FIELDS]

    def _update_plots(self) -> str:
        links, joins = self._links()
        fields = self._plot_fields()
        wanted = ", ".join(f"{self._wanted(name)} AS {name}" for name in self.stated) or "true AS nothing"
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
        links_from = {"area_id": "a.id", "plan_id": "l.id"}
        # a value that the view takes from elsewhere (the plan's state) is written only where it differs
        values = {
            name: f"CASE WHEN k.difference ? '{name}' THEN w.{name} ELSE p.{name} END" for name in fields
        }
        sets = {**places, **{link: links_from[link] for link in links}, **values}
        return f"""
            UPDATE landbank.plot p SET {", ".join(f"{name} = n.{name}" for name in sets)}
            FROM (
              SELECT k.plot_id, {", ".join(f"{value} AS {name}" for name, value in sets.items())}
              FROM import_here k JOIN import_batch s ON s.row = k.row_number
              JOIN landbank.plot p ON p.id = k.plot_id
              JOIN landbank.plot_facts f ON f.plot_id = k.plot_id
              CROSS JOIN LATERAL (SELECT {wanted}) w{joins}
              WHERE k.state = 'changed'
            ) n WHERE p.id = n.plot_id
        """

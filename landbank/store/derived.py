"""Functions in the database whose text follows from columns: what differs, what is kept, what held at a moment.

A migration that adds, drops or renames a column of `plot`, `plot_version`, of a plot's facts, of a noun with events or
of a flat view calls `drop_derived` before and `make_derived` after it; nothing else names the columns one by
one. The functions are made from the database's own catalogue, so that they fit the schema of any revision.
"""

# ruff: noqa: S608 - every name comes from the catalogue of landbank's own schema

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from landbank.store.past import FACTS, UNDONE, VIEWS, at

OTHERS: Final = ("municipality", "contact", "area", "plan", "infrastructure")
"""Nouns with events and without versions of their own."""

LATER: Final = ("layer",)
"""More of them, which are there from a later revision of the schema on."""

KEYS: Final = frozenset({"id", "code", "plot_id"})
BOOKKEEPING: Final = frozenset({"row_version", "recorded_at", "superseded_at"})
SHAPES: Final = frozenset({"geometry", "location"})
MADE: Final = frozenset({"geometry_tile", "location_tile", "morton"})
"""Columns that follow from others: they are kept with a plot's versions, and are no part of its state."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table or view, with its type as it is declared."""

    name: str
    type_name: str


def make_derived(connection: Connection) -> None:
    """Make the functions anew from the columns that there are."""
    drop_derived(connection)
    usual = connection.execute(text("SHOW search_path")).scalar_one()
    _search(connection, "")  # so that the catalogue tells names with their schema
    for statement in statements(connection):
        connection.connection.cursor().execute(
            statement
        )  # as it stands, past the markers of SQLAlchemy and psycopg
    _search(connection, usual)


def _search(connection: Connection, path: str) -> None:
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})


def drop_derived(connection: Connection) -> None:
    """Drop those that would stand in the way of a change of columns; triggers keep theirs."""
    found = connection.execute(
        text(
            "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = CAST('landbank' AS regnamespace)"
            " AND proname = ANY(:names)"
        ),
        {"names": [f"{name}_at" for name in (*VIEWS, "plot", *FACTS, *UNDONE)]},
    )
    for (signature,) in found.all():
        connection.execute(text(f"DROP FUNCTION {signature}"))


def statements(connection: Connection) -> Iterator[str]:
    """The functions in the order in which one needs the other."""
    plot, version = columns_of(connection, "plot"), columns_of(connection, "plot_version")
    kept = {column.name for column in version}
    for noun in (*OTHERS, *there(connection, LATER)):
        yield difference(noun, [column.name for column in columns_of(connection, noun)])
    yield difference("plot", [column.name for column in plot if column.name in kept])
    yield after_update([column.name for column in plot if column.name in kept])
    yield plot_at(plot)
    for table in FACTS:
        yield fact_at(table, columns_of(connection, table))
    for noun in UNDONE:
        yield undone_at(noun, columns_of(connection, noun))
    for view in there(connection, VIEWS):
        yield view_at(connection, view)


def there(connection: Connection, names: Sequence[str]) -> list[str]:
    """Those of the tables and views that this revision of the schema has."""
    is_there = text("SELECT to_regclass(:name) IS NOT NULL")
    return [name for name in names if connection.execute(is_there, {"name": f"landbank.{name}"}).scalar_one()]


def columns_of(connection: Connection, table: str) -> list[TableColumn]:
    """The columns of a table or view of landbank's schema, in their order."""
    rows = connection.execute(
        text(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
        {"name": f"landbank.{table}"},
    )
    return [TableColumn(name, type_name) for name, type_name in rows]


def state_columns(connection: Connection, noun: str) -> list[str]:
    """The columns that are part of a thing's state: no keys, no bookkeeping, nothing that follows from others."""
    return [
        column.name for column in columns_of(connection, noun) if column.name not in KEYS | BOOKKEEPING | MADE
    ]


def difference(noun: str, names: Sequence[str]) -> str:
    """What differs between two states of a noun: {field: [before, after]}; a geometry as EWKB hex.

    Only fields that differ cost anything: jsonb of both rows, compared key by key, took six times as long.
    """
    parts = []
    for name in names:
        if name in KEYS | BOOKKEEPING | MADE:
            continue
        old, new = (f"public.st_asewkb({s}.{name})" if name in SHAPES else f"{s}.{name}" for s in "on")
        told = f"encode({old}, 'hex'), encode({new}, 'hex')" if name in SHAPES else f"{old}, {new}"
        parts.append(
            f"""CASE WHEN {old} IS DISTINCT FROM {new} THEN '"{name}":' || jsonb_build_array({told})::text END"""
        )
    listed = ",\n    ".join(parts)
    return f"""
CREATE OR REPLACE FUNCTION landbank.{noun}_difference(o landbank.{noun}, n landbank.{noun}) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT ('{{' || concat_ws(',', {listed}) || '}}')::jsonb
$$"""


def after_update(names: Sequence[str]) -> str:
    """One event per plot and transaction, its earlier state kept; a second statement on a plot is merged into it."""
    listed = ", ".join(names)
    old = ", ".join(f"o.{name}" for name in names)
    return f"""
CREATE OR REPLACE FUNCTION landbank.plot_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := landbank.change_time();
  changed bigint;
  again bigint;
  first bigint;
BEGIN
  SELECT count(*) FILTER (WHERE recorded_at <> at), count(*) FILTER (WHERE recorded_at = at) INTO changed, again
  FROM old_rows;
  IF changed > 0 THEN
    INSERT INTO landbank.plot_version (plot_id, {listed}, superseded_at)
    SELECT o.id, {old}, at FROM old_rows o WHERE o.recorded_at <> at;
    first := landbank.advance(changed, 'plot', CASE WHEN changed <= 100 THEN
      (SELECT array_agg(o.id::text) FROM old_rows o WHERE o.recorded_at <> at) END);
    INSERT INTO landbank.event
      (revision, noun, noun_id, kind, actor, role, municipality_code, request_id, reason, occurred_at, changes)
    SELECT first + row_number() OVER (ORDER BY n.id) - 1, 'plot', n.id::text,
      CASE WHEN n.valid_to IS NULL THEN 'changed' ELSE landbank.plot_event_kind(o, n) END,
      who.actor, who.role, coalesce(who.municipality, n.municipality_code), who.request_id, who.reason, at,
      landbank.plot_difference(o, n)
    FROM new_rows n JOIN old_rows o USING (id), (
      SELECT landbank.told('actor') AS actor, landbank.told('role') AS role,
        landbank.told('municipality') AS municipality, landbank.told('request_id') AS request_id,
        landbank.told('reason') AS reason OFFSET 0
    ) who
    WHERE o.recorded_at <> at;
  END IF;
  IF again > 0 THEN
    UPDATE landbank.event e
    SET kind = CASE WHEN e.kind = 'changed' THEN landbank.plot_event_kind(o, n) ELSE e.kind END,
        changes = landbank.merge_changes(e.changes, landbank.plot_difference(o, n))
    FROM new_rows n JOIN old_rows o USING (id)
    WHERE o.recorded_at = at AND e.noun = 'plot' AND e.noun_id = n.id::text AND e.occurred_at = at
      AND e.kind <> 'created';
  END IF;
  RETURN NULL;
END $$"""


def plot_at(columns: Sequence[TableColumn]) -> str:
    """The plots as recorded at a moment that had begun by a day: those of now that are old enough, and versions.

    Uses the indexes of `plot`, and of `plot_version` its key and ix_plot_version_superseded_at.
    """
    now = ", ".join(f"p.{column.name}" for column in columns)
    then = ", ".join("v.plot_id" if column.name == "id" else f"v.{column.name}" for column in columns)
    return f"""
{_head("plot", columns, "as_of timestamptz, begun_by date")}
  SELECT {now} FROM landbank.plot p WHERE p.recorded_at <= as_of AND p.valid_from <= begun_by
  UNION ALL
  SELECT {then} FROM landbank.plot_version v
  WHERE v.superseded_at > as_of AND v.recorded_at <= as_of AND v.valid_from <= begun_by
$$"""


def fact_at(table: str, columns: Sequence[TableColumn]) -> str:
    """The facts as recorded at a moment; in two parts, each with an index of its own on `plot_id`."""
    listed = ", ".join(f"f.{column.name}" for column in columns)
    return f"""
{_head(table, columns, "as_of timestamptz")}
  SELECT {listed} FROM landbank.{table} f WHERE f.superseded_at IS NULL AND f.recorded_at <= as_of
  UNION ALL
  SELECT {listed} FROM landbank.{table} f
  WHERE f.superseded_at IS NOT NULL AND f.superseded_at > as_of AND f.recorded_at <= as_of
$$"""


def undone_at(noun: str, columns: Sequence[TableColumn]) -> str:
    """The rows of a noun without versions as they were at a moment: later changes taken back, later rows left out."""
    key = "code" if noun == "municipality" else "id"
    now = ", ".join(f"t.{column.name}" for column in columns)
    then = ", ".join(_undone(column) for column in columns)
    return f"""
{_head(noun, columns, "as_of timestamptz")}
  SELECT {now} FROM landbank.{noun} t WHERE NOT EXISTS (
    SELECT FROM landbank.event e
    WHERE e.noun = '{noun}' AND e.noun_id = t.{key}::text AND e.occurred_at > as_of)
  UNION ALL
  SELECT {then} FROM landbank.undone('{noun}', as_of) u JOIN landbank.{noun} t ON t.{key}::text = u.noun_id
  CROSS JOIN LATERAL jsonb_populate_record(t, u.was) r
  WHERE NOT EXISTS (
    SELECT FROM landbank.event e
    WHERE e.noun = '{noun}' AND e.noun_id = t.{key}::text AND e.occurred_at > as_of AND e.kind = 'created')
$$"""


def _undone(column: TableColumn) -> str:
    if column.name in MADE:
        return f"public.st_transform(r.{column.name.removesuffix('_tile')}, 3857)::{column.type_name}"
    return f"r.{column.name}"


def view_at(connection: Connection, name: str) -> str:
    """A view at a moment and day: its own text, read through the functions above."""
    view = connection.execute(
        text("SELECT pg_get_viewdef(CAST(:name AS regclass))"), {"name": f"landbank.{name}"}
    ).scalar_one()
    arguments = "as_of timestamptz, valid_on date, begun_by date"
    then = at(view.strip().rstrip(";"), as_of="as_of", day="valid_on", begun_by="begun_by")
    return f"{_head(name, columns_of(connection, name), arguments)}\n{then}\n$$"


def _head(name: str, columns: Sequence[TableColumn], arguments: str) -> str:
    """The head of a function that the planner can put into the statement around it, so that its conditions reach
    the indexes: SQL, STABLE, and nothing of its own to set."""
    listed = ", ".join(f"{column.name} {column.type_name}" for column in columns)
    return (
        f"CREATE OR REPLACE FUNCTION landbank.{name}_at({arguments}) RETURNS TABLE ({listed})\n"
        "LANGUAGE sql STABLE ROWS 1000 AS $$"
    )

"""The statements that write an import's many-valued facts: what stood is superseded, what the row says follows."""

# ruff: noqa: S608 - every name in these statements is a constant of this room; values stand in tables

from __future__ import annotations

from collections.abc import Iterator, Sequence

from landbank.store.staging_fields import DISTANCES, RECORDS, UTILITIES

CHANGE_TIME = "(SELECT landbank.change_time())"
"""The moment of the change, asked once a statement; the column's default asks once a row."""

WRITTEN = "FROM import_batch s JOIN import_here k ON k.row_number = s.row"
"""The rows of the batch with their plots; a condition on `k` follows."""


def fact_statements(fields: Sequence[str]) -> Iterator[str]:
    """Statements for the facts that the file states, to be run after the plots are written."""
    stated = set(fields)
    yield from _uses(stated)
    for name in ("restrictions", "rents"):
        if name in stated:
            yield from _records(name)
    yield from _prices(stated)
    yield from _power(stated)
    for name, kind in UTILITIES.items():
        if name in stated:
            yield from _at_boundary(name, kind)
    for name, kind in DISTANCES.items():
        if f"{name}_m" in stated:
            yield from _access(kind, "distance_m", "minutes", f"{name}_m", f"{name}_method")
        if f"{name}_min" in stated:
            yield from _access(kind, "minutes", "distance_m", f"{name}_min", f"{name}_min_method")
    yield from _notes()


def _touched(*names: str) -> str:
    """Whether a row is new or changes one of the fields."""
    listed = ", ".join(f"'{name}'" for name in names)
    return f"(k.state = 'new' OR k.difference ?| ARRAY[{listed}])"


def _supersede(table: str, condition: str, *names: str) -> str:
    listed = ", ".join(f"'{name}'" for name in names)
    return f"""
        UPDATE landbank.{table} x SET superseded_at = landbank.change_time()
        {WRITTEN} WHERE x.plot_id = k.plot_id AND x.superseded_at IS NULL AND k.state = 'changed'
          AND k.difference ?| ARRAY[{listed}] AND {condition}
    """


def _uses(stated: set[str]) -> Iterator[str]:
    """A code that stays keeps its row; without a list of degrees also the degree that may stand there."""
    uses = "s.use_codes" if "use_codes" in stated else USES_BEFORE
    named = [name for name in ("use_codes", "use_degrees") if name in stated]
    if "use_codes" in stated:
        yield _uses_gone("use_codes", "false")
    if "use_degrees" in stated:
        # a use without a degree stands in the way only of one with it
        in_the_way = (
            "(coalesce(x.degree_code, x.degree_bound, x.precision_text) IS NOT NULL OR x.code = ANY (ARRAY("
        )
        in_the_way += "SELECT o ->> 'code' FROM jsonb_array_elements(CAST(s.use_degrees AS jsonb)) AS j(o))))"
        yield from _records("use_degrees", "use_codes", only=in_the_way, condition=f"t.code = ANY ({uses})")
    if named:
        yield _plain_uses(uses, "false", *named)
    if "excluded_use_codes" in stated:
        yield _uses_gone("excluded_use_codes", "true")
        yield _plain_uses("s.excluded_use_codes", "true", "excluded_use_codes")


USES_BEFORE = """ARRAY(SELECT u.code FROM landbank.plot_use u WHERE u.plot_id = k.plot_id AND NOT u.is_excluded
    AND u.recorded_at < landbank.change_time() AND coalesce(u.superseded_at = landbank.change_time(), true))"""


def _uses_gone(name: str, is_excluded: str) -> str:
    gone = f"x.is_excluded = {is_excluded} AND (s.{name} IS NULL OR x.code <> ALL (s.{name}))"
    return _supersede("plot_use", gone, name)


def _plain_uses(uses: str, is_excluded: str, *names: str) -> str:
    return f"""
        INSERT INTO landbank.plot_use (plot_id, code, is_excluded, recorded_at)
        SELECT k.plot_id, told, {is_excluded}, {CHANGE_TIME} {WRITTEN}, LATERAL unnest({uses}) AS told
        WHERE {_touched(*names)} AND NOT EXISTS (
          SELECT FROM landbank.plot_use u WHERE u.plot_id = k.plot_id AND u.superseded_at IS NULL
            AND u.code = told AND u.is_excluded = {is_excluded})
        ORDER BY s.row, told
    """


def _records(name: str, *names: str, only: str = "true", condition: str = "true") -> Iterator[str]:
    """What is in the row's list stays or is added; what is not is superseded.

    `only` says which standing rows may be superseded, as `x`; `condition` which records are taken, as `t`.
    """
    told = RECORDS[name]
    columns = ", ".join(told.columns)
    typed = ", ".join(f"{column} {kind}" for column, kind in told.columns.items())
    of_t, of_x = (", ".join(f"{alias}.{column}" for column in told.columns) for alias in ("t", "x"))
    listed = f"jsonb_to_recordset(CAST(s.{name} AS jsonb)) AS t({typed})"
    same = f"({of_t}) IS NOT DISTINCT FROM ({of_x})"
    gone = f"{only} AND NOT EXISTS (SELECT FROM {listed} WHERE {same})"
    yield _supersede(told.table, f"{told.are_these} AND {gone}", name, *names)
    yield f"""
        INSERT INTO landbank.{told.table} (plot_id, {columns}, recorded_at)
        SELECT DISTINCT ON (s.row, t) k.plot_id, {of_t}, {CHANGE_TIME} {WRITTEN}, {listed}
        WHERE {_touched(name, *names)} AND {condition} AND (k.state = 'new' OR NOT EXISTS (
          SELECT FROM landbank.{told.table} x WHERE x.plot_id = k.plot_id AND x.superseded_at IS NULL
            AND {told.are_these} AND {same}))
        ORDER BY s.row, t
    """


def _prices(stated: set[str]) -> Iterator[str]:
    if "price_sek_per_m2" not in stated:
        return
    names = ("price_sek_per_m2", "price_max_sek_per_m2", "price_basis", "price_decided_on")
    given = {name: f"s.{name}" if name in stated else "NULL" for name in names}
    yield _supersede("price", "x.tenure = 'forsaljning'", *names)
    yield f"""
        INSERT INTO landbank.price
          (plot_id, tenure, price_sek_per_m2, price_max_sek_per_m2, basis, decided_on, recorded_at)
        SELECT k.plot_id, 'forsaljning', s.price_sek_per_m2, {given["price_max_sek_per_m2"]},
          coalesce({given["price_basis"]}, 'tomtarea'), {given["price_decided_on"]}::date, {CHANGE_TIME}
        {WRITTEN} WHERE s.price_sek_per_m2 IS NOT NULL AND {_touched(*names)} ORDER BY s.row
    """


def _power(stated: set[str]) -> Iterator[str]:
    now, later = "power_mw", "power_max_mw"
    if later in stated:
        names = (now, later, "power_max_on", "power_max_is_firm")
        yield _supersede("utility", "x.kind = 'el'", *names)
        on = "s.power_max_on" if "power_max_on" in stated else "NULL::date"
        firm = "s.power_max_is_firm" if "power_max_is_firm" in stated else "NULL::boolean"
        yield _capacity(later, on, firm, _touched(*names))
        if now in stated:
            differs = f"(s.power_mw IS DISTINCT FROM s.power_max_mw OR {on} > current_date)"
            yield _capacity(now, "NULL::date", "NULL::boolean", f"{_touched(*names)} AND {differs}")
    elif now in stated:
        yield _supersede("utility", "x.kind = 'el' AND coalesce(x.available_on <= current_date, true)", now)
        yield _capacity(now, "NULL::date", "NULL::boolean", _touched(now))


def _capacity(name: str, on: str, firm: str, condition: str) -> str:
    return f"""
        INSERT INTO landbank.utility (plot_id, kind, capacity, capacity_unit, available_on, is_firm, recorded_at)
        SELECT k.plot_id, 'el', s.{name}, 'MW', {on}, {firm}, {CHANGE_TIME}
        {WRITTEN} WHERE s.{name} IS NOT NULL AND {condition} ORDER BY s.row
    """


def _at_boundary(name: str, kind: str) -> Iterator[str]:
    yield _supersede("utility", f"x.kind = '{kind}'", name)
    yield f"""
        INSERT INTO landbank.utility (plot_id, kind, is_at_boundary, recorded_at)
        SELECT k.plot_id, '{kind}', s.{name}, {CHANGE_TIME} {WRITTEN}
        WHERE s.{name} IS NOT NULL AND {_touched(name)} ORDER BY s.row
    """


def _access(kind: str, measure: str, other: str, name: str, method: str) -> Iterator[str]:
    """A distance or minutes; where a row holds both, the measure that the file doesn't change stands on."""
    standing = f"x.kind = '{kind}' AND x.{measure} IS NOT NULL"
    yield f"""
        INSERT INTO landbank.access
          (plot_id, kind, infrastructure_id, {other}, method, source, confirmed_on, recorded_at)
        SELECT x.plot_id, x.kind, x.infrastructure_id, x.{other}, x.method, x.source, x.confirmed_on, {CHANGE_TIME}
        {WRITTEN} JOIN landbank.access x ON x.plot_id = k.plot_id
        WHERE x.superseded_at IS NULL AND {standing} AND x.{other} IS NOT NULL AND k.state = 'changed'
          AND {_touched(name, method)} ORDER BY s.row, x.id
    """
    yield _supersede("access", standing, name, method)
    yield f"""
        INSERT INTO landbank.access (plot_id, kind, {measure}, method, recorded_at)
        SELECT k.plot_id, '{kind}', s.{name}, s.{method}, {CHANGE_TIME} {WRITTEN}
        WHERE s.{name} IS NOT NULL AND {_touched(name, method)} ORDER BY s.row
    """


def _notes() -> Iterator[str]:
    """Texts that were no value of their field, kept as they stand in the file; a newer text follows an older one."""
    yield r"""
        UPDATE landbank.value_source x SET superseded_at = landbank.change_time()
        FROM import_batch s JOIN import_here k ON k.row_number = s.row,
          LATERAL unnest(string_to_array(s.notes, E'\x1e')) AS told
        WHERE k.state = 'changed' AND x.plot_id = k.plot_id AND x.superseded_at IS NULL AND x.method = 'as written'
          AND x.field = split_part(told, E'\x1f', 1) AND x.note <> split_part(told, E'\x1f', 2)
    """
    yield r"""
        INSERT INTO landbank.value_source (plot_id, field, method, note, recorded_at)
        SELECT k.plot_id, split_part(told, E'\x1f', 1), 'as written', split_part(told, E'\x1f', 2),
          (SELECT landbank.change_time())
        FROM import_batch s JOIN import_here k ON k.row_number = s.row,
          LATERAL unnest(string_to_array(s.notes, E'\x1e')) AS told
        WHERE k.state <> 'unchanged' AND NOT EXISTS (
          SELECT FROM landbank.value_source v WHERE v.plot_id = k.plot_id AND v.superseded_at IS NULL
            AND v.field = split_part(told, E'\x1f', 1) AND v.note = split_part(told, E'\x1f', 2))
        ORDER BY s.row
    """

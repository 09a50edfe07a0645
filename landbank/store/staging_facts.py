"""The statements that write an import's many-valued facts: what stood is superseded, what the row says follows."""

# ruff: noqa: S608 - every name in these statements is a constant of this room; values stand in tables

from __future__ import annotations

from collections.abc import Iterator, Sequence

UTILITIES = {
    "has_water": "vatten",
    "has_sewer": "spillvatten",
    "has_district_heating": "fjarrvarme",
    "has_fibre": "fiber",
    "has_gas": "gas",
}

CHANGE_TIME = "(SELECT landbank.change_time())"
"""The moment of the change, asked once a statement; the column's default asks once a row."""

WRITTEN = "FROM import_batch s JOIN import_here k ON k.row_number = s.row"
"""The rows of the batch with their plots; a condition on `k` follows."""


def fact_statements(fields: Sequence[str]) -> Iterator[str]:
    """Statements for the facts that the file states, to be run after the plots are written."""
    stated = set(fields)
    yield from _uses(stated)
    yield from _prices(stated)
    yield from _power(stated)
    for name, kind in UTILITIES.items():
        if name in stated:
            yield from _at_boundary(name, kind)
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
    """A code that stays keeps its row, with the degree that may stand there."""
    for name, is_excluded in (("use_codes", "false"), ("excluded_use_codes", "true")):
        if name in stated:
            said = f"s.{name}"
            yield _supersede(
                "plot_use",
                f"x.is_excluded = {is_excluded} AND (s.{name} IS NULL OR x.code <> ALL ({said}))",
                name,
            )
            yield f"""
                INSERT INTO landbank.plot_use (plot_id, code, is_excluded, recorded_at)
                SELECT k.plot_id, told, {is_excluded}, {CHANGE_TIME} {WRITTEN}, LATERAL unnest({said}) AS told
                WHERE {_touched(name)} AND (k.state = 'new' OR NOT EXISTS (
                  SELECT FROM landbank.plot_use u WHERE u.plot_id = k.plot_id AND u.superseded_at IS NULL
                    AND u.code = told AND u.is_excluded = {is_excluded}))
                ORDER BY s.row, told
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

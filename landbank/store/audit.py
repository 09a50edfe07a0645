"""Questions to the database that all have the same right answer: no row. What they find, `landbank fsck` tells.

Each statement gives `which`, the thing that differs, and `told`, how. They read the whole history; none changes it.
"""

# ruff: noqa: S608 - names are those of landbank's own tables

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, text

from landbank.store.derived import LATER, OTHERS, state_columns
from landbank.store.ledger import NOUNS, key_of, state_of
from landbank.store.past import FACTS

GUARDS: Final = {
    "nothing_is_deleted": (
        "plot", "plot_version", "plot_lineage", "event", "inventory", "seal", "history_head", *FACTS, *OTHERS,
        *LATER,
    ),
    "never_by_hand": ("event", "plot_version"),
    "never_rewritten": ("event", "plot_version", "plot_lineage", "seal", "history_head"),
    "before_update": ("plot", *FACTS),
    "after_insert": ("plot", "plot_lineage", *FACTS, *OTHERS, *LATER),
    "after_update": ("plot", *FACTS, *OTHERS, *LATER),
    "recorded_now": ("plot", *FACTS),
}  # fmt: skip
"""Triggers that keep the history, and the tables that have them."""


def guards() -> str:
    """Triggers that are missing, or switched off."""
    wanted = ", ".join(f"('{table}', '{name}')" for name, tables in GUARDS.items() for table in tables)
    return f"""
        SELECT 'trigger ' || w.name || ' of ' || w.tab AS which,
          CASE WHEN t.tgname IS NULL THEN 'it is missing' ELSE 'it is switched off' END AS told
        FROM (VALUES {wanted}) w (tab, name)
        LEFT JOIN pg_trigger t ON t.tgname = w.name AND NOT t.tgisinternal
          AND t.tgrelid = to_regclass('landbank.' || w.tab)
        WHERE t.tgname IS NULL OR t.tgenabled <> 'O' ORDER BY 1"""


REVISIONS: Final = """
    SELECT 'event ' || revision AS which, 'the one before it is ' || before || ': a revision is missing' AS told FROM (
      SELECT revision, lag(revision, 1, 0::bigint) OVER (ORDER BY revision) AS before FROM landbank.event) e
    WHERE revision <> before + 1
    UNION ALL
    SELECT 'inventory', 'its revision is ' || i.revision || ', the last event is ' || e.last
    FROM landbank.inventory i, (SELECT coalesce(max(revision), 0) AS last FROM landbank.event) e
    WHERE i.revision <> e.last"""

TIMES: Final = """
    SELECT 'event ' || revision AS which, 'it is recorded before event ' || (revision - 1) AS told FROM (
      SELECT revision, occurred_at, lag(occurred_at) OVER (ORDER BY revision) AS before FROM landbank.event) e
    WHERE occurred_at < before"""

REPLAYED: Final = f"noun IN ({', '.join(repr(noun) for noun in NOUNS)})"
"""Nouns whose first event is their creation."""

ONE_EACH: Final = f"""
    SELECT noun || ' ' || noun_id AS which, count(*) || ' events for one change, the first is ' || min(revision) AS told
    FROM landbank.event GROUP BY noun, noun_id, occurred_at HAVING count(*) > 1
    UNION ALL
    SELECT noun || ' ' || noun_id, 'event ' || revision || ' says it was ' || kind || ', and is its '
      || CASE place WHEN 1 THEN 'first' ELSE 'event number ' || place END
    FROM (SELECT *, row_number() OVER (PARTITION BY noun, noun_id ORDER BY revision) AS place FROM landbank.event) e
    WHERE (kind = 'created') <> (place = 1) AND {REPLAYED}"""


def rows_with_events() -> str:
    """Rows without a creation, and creations whose row is gone."""
    parts = []
    for noun in NOUNS:
        key = f"{key_of(noun)}::text"
        parts.append(f"""
            SELECT '{noun} ' || t.{key} AS which, 'it stands in the table, and no event created it' AS told
            FROM landbank.{noun} t WHERE NOT EXISTS (SELECT FROM landbank.event e
              WHERE e.noun = '{noun}' AND e.noun_id = t.{key} AND e.kind = 'created')
            UNION ALL
            SELECT '{noun} ' || e.noun_id, 'event ' || e.revision || ' created it, and its row is gone'
            FROM landbank.event e WHERE e.noun = '{noun}' AND e.kind = 'created'
              AND NOT EXISTS (SELECT FROM landbank.{noun} t WHERE t.{key} = e.noun_id)""")
    return " UNION ALL ".join(parts)


PLOT_AND_EVENTS: Final = """
    SELECT 'plot ' || p.id AS which, CASE WHEN p.row_version <> e.number
        THEN 'it is version ' || p.row_version || ', its events are ' || e.number
        ELSE 'it was recorded at ' || p.recorded_at || ', its last event at ' || e.last END AS told
    FROM landbank.plot p JOIN (
      SELECT noun_id, count(*) AS number, max(occurred_at) AS last FROM landbank.event WHERE noun = 'plot'
      GROUP BY noun_id) e ON e.noun_id = p.id::text
    WHERE p.row_version <> e.number OR p.recorded_at <> e.last"""

VERSIONS: Final = """
    SELECT 'plot ' || plot_id AS which, 'version ' || row_version || ' ends at '
      || coalesce(superseded_at::text, 'no time') || ', the next begins at '
      || coalesce(next_at::text, 'no time') AS told
    FROM (
      SELECT plot_id, row_version, superseded_at, lead(recorded_at) OVER w AS next_at, lead(row_version) OVER w AS next,
        max(row_version) OVER (PARTITION BY plot_id) AS last, is_now
      FROM (
        SELECT plot_id, row_version, recorded_at, superseded_at, false AS is_now FROM landbank.plot_version
        UNION ALL SELECT id, row_version, recorded_at, NULL, true FROM landbank.plot) v
      WINDOW w AS (PARTITION BY plot_id ORDER BY row_version)
    ) s
    WHERE CASE WHEN is_now THEN row_version <> last
      ELSE next IS DISTINCT FROM row_version + 1 OR superseded_at IS DISTINCT FROM next_at END
    UNION ALL
    SELECT 'plot ' || p.id, (p.row_version - 1 - count(v.plot_id)) || ' of its earlier versions are missing'
    FROM landbank.plot p LEFT JOIN landbank.plot_version v ON v.plot_id = p.id AND v.row_version < p.row_version
    WHERE p.row_version > 1 GROUP BY p.id HAVING count(v.plot_id) <> p.row_version - 1"""


def differences(names: Sequence[str]) -> str:
    """Events that don't say what differs between the version before and the one after, in these columns."""
    state, listed = state_of(names, "v"), ", ".join(f"'{name}'" for name in names)
    return f"""
        SELECT 'event ' || e.revision AS which, 'plot ' || s.plot_id || ' changed '
          || coalesce((SELECT string_agg(k, ', ') FROM jsonb_object_keys(s.really) k), 'in nothing')
          || '; the event says otherwise' AS told
        FROM (
          SELECT plot_id, recorded_at, coalesce(landbank.difference(before, state), '{{}}') AS really FROM (
            SELECT plot_id, recorded_at, state, lag(state) OVER (PARTITION BY plot_id ORDER BY row_version) AS before
            FROM (
              SELECT v.plot_id, v.row_version, v.recorded_at, {state} AS state FROM landbank.plot_version v
              UNION ALL SELECT v.id, v.row_version, v.recorded_at, {state} FROM landbank.plot v WHERE v.row_version > 1
            ) v
          ) w WHERE before IS NOT NULL
        ) s JOIN landbank.event e ON e.noun = 'plot' AND e.noun_id = s.plot_id::text AND e.occurred_at = s.recorded_at
        WHERE s.really <> (SELECT coalesce(jsonb_object_agg(key, value), '{{}}')
          FROM jsonb_each(e.changes) WHERE key IN ({listed}) AND value -> 0 <> value -> 1)"""


def fact_times() -> str:
    """Facts whose times belong to no event of their plot, or that end before they begin."""
    return " UNION ALL ".join(
        f"""
        SELECT '{table} ' || f.id AS which, CASE WHEN f.superseded_at < f.recorded_at THEN 'it ends before it begins'
          ELSE 'its times belong to no event of plot ' || f.plot_id END AS told
        FROM landbank.{table} f
        WHERE f.superseded_at < f.recorded_at
          OR NOT EXISTS (SELECT FROM landbank.event e WHERE e.noun = 'plot' AND e.noun_id = f.plot_id::text
            AND e.occurred_at = f.recorded_at)
          OR f.superseded_at IS NOT NULL AND NOT EXISTS (SELECT FROM landbank.event e WHERE e.noun = 'plot'
            AND e.noun_id = f.plot_id::text AND e.occurred_at = f.superseded_at)"""
        for table in FACTS
    )


def facts_as_told() -> str:
    """Events whose facts before and after are not those that the tables hold for that moment.

    In two parts each, current and superseded, since each has an index of its own on `plot_id`.
    """
    rows = """SELECT * FROM landbank.{table} WHERE plot_id = e.noun_id::bigint AND recorded_at {begun} e.occurred_at
          AND superseded_at IS NULL
        UNION ALL SELECT * FROM landbank.{table} WHERE plot_id = e.noun_id::bigint AND recorded_at {begun} e.occurred_at
          AND superseded_at IS NOT NULL AND superseded_at {ended} e.occurred_at"""
    held = f"""(SELECT coalesce(jsonb_agg(to_jsonb(f) - 'recorded_at' - 'superseded_at' ORDER BY f.id), '[]')
        FROM ({rows}) f)"""
    return " UNION ALL ".join(
        f"""
        SELECT 'event ' || e.revision AS which,
          'its {table} of plot ' || e.noun_id || ' are not those of the table' AS told
        FROM landbank.event e
        WHERE e.noun = 'plot' AND e.changes ? '{table}' AND (
          e.changes -> '{table}' -> 0 <> {held.format(table=table, begun="<", ended=">=")}
          OR e.changes -> '{table}' -> 1 <> {held.format(table=table, begun="<=", ended=">")})"""
        for table in FACTS
    )


LINEAGE: Final = """
    SELECT 'plot ' || l.predecessor_id AS which,
      'it was replaced by plot ' || l.successor_id || ' and has not ended' AS told
    FROM landbank.plot_lineage l JOIN landbank.plot p ON p.id = l.predecessor_id WHERE p.valid_to IS NULL
    UNION ALL
    SELECT 'plot ' || start, 'it is its own successor' FROM (
      WITH RECURSIVE line (start, id) AS (
        SELECT predecessor_id, successor_id FROM landbank.plot_lineage
        UNION SELECT line.start, l.successor_id FROM line JOIN landbank.plot_lineage l ON l.predecessor_id = line.id)
      SELECT start FROM line WHERE id = start) c"""

QUESTIONS: Final[Mapping[str, str]] = {
    "guards": guards(),
    "revisions": REVISIONS,
    "record times": TIMES,
    "one event a change": ONE_EACH,
    "rows and events": rows_with_events(),
    "plots and events": PLOT_AND_EVENTS,
    "versions": VERSIONS,
    "times of facts": fact_times(),
    "facts": facts_as_told(),
    "lineage": LINEAGE,
}
"""What is asked, by the name of the check."""

CHANGES: Final = "changes"
"""The check whose question names the columns of a plot."""


class Audit:
    """The questions, in one transaction."""

    names: tuple[str, ...] = (*QUESTIONS, CHANGES)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def allow_time(self) -> None:
        """Let a statement read the whole history, however long it takes."""
        for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
            self._connection.execute(text(f"SET LOCAL {setting} = 0"))

    def ask(self, name: str) -> Iterator[tuple[str, str]]:
        """What a check finds: the thing, and how it differs."""
        columns = state_columns(self._connection, "plot") if name == CHANGES else []
        question = differences(columns) if columns else QUESTIONS[name]
        rows = self._connection.execute(text(question), execution_options={"yield_per": 500})
        for row in rows:
            yield row.which, row.told

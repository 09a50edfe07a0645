"""The chain over the history: what is sealed, what is to be sealed next, and the states that a replay is held against.

States are JSON as PostgreSQL writes it, each column by name, geometries as EWKB in hexadecimal: the same text for the
same row in every run, also in another time zone.
"""

# ruff: noqa: S608 - names are those of landbank's own tables, values are bound

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, text

from landbank.domain.ledger import START, Head, Line, Seal
from landbank.store.derived import LATER, OTHERS, SHAPES, state_columns
from landbank.store.past import FACTS

NOUNS: Final = ("plot", *OTHERS, *LATER)
LOCK_KEY: Final = 5_112_027
READ_AT_ONCE: Final = 2_000

EVENT: Final = """jsonb_build_object('kind', kind, 'actor', actor, 'role', role, 'municipality_code', municipality_code,
  'request_id', request_id, 'reason', reason, 'changes', coalesce(changes, '{}'),
  'occurred_at', to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text"""


class Ledger:
    """The seals and heads, and the lines that they are made of."""

    fact_tables: tuple[str, ...] = FACTS
    nouns: tuple[str, ...] = NOUNS

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        """Let nobody else seal until the transaction ends; changes of the inventory go on meanwhile."""
        self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})

    def end(self) -> tuple[int, bytes]:
        """The last sealed revision and the chain's hash after it; 0 and the start where nothing is sealed."""
        row = self._connection.execute(
            text("SELECT last_revision, hash FROM landbank.seal ORDER BY last_revision DESC LIMIT 1")
        ).one_or_none()
        return (0, START) if row is None else (row.last_revision, bytes(row.hash))

    def revision(self) -> int:
        """The inventory's revision."""
        return int(self._connection.execute(text("SELECT revision FROM landbank.inventory")).scalar_one())

    def today(self) -> date:
        """The database's day."""
        day: date = self._connection.execute(text("SELECT current_date")).scalar_one()
        return day

    def events(self, first: int, last: int) -> list[Line]:
        """The events of these revisions as lines without states, in their order."""
        rows = self._connection.execute(
            text(
                f"SELECT revision, noun, noun_id, {EVENT} AS event FROM landbank.event"
                " WHERE revision BETWEEN :first AND :last ORDER BY revision"
            ),
            {"first": first, "last": last},
        )
        return [Line(row.revision, row.noun, row.noun_id, row.event) for row in rows]

    def lines(self, first: int, last: int) -> list[Line]:
        """The events of these revisions as they are sealed, new things with their first state."""
        events = self.events(first, last)
        created = self._created(first, last)
        states: dict[tuple[str, str], str] = {}
        for noun in NOUNS:
            ids = [noun_id for of_noun, noun_id in created if of_noun == noun]
            if ids:
                states |= {(noun, noun_id): state for noun_id, state in self._first_states(noun, ids)}
        return [
            Line(
                line.revision, line.noun, line.noun_id, line.event, states.get((line.noun, line.noun_id), "")
            )
            if (line.noun, line.noun_id) in created
            else line
            for line in events
        ]

    def _created(self, first: int, last: int) -> dict[tuple[str, str], int]:
        rows = self._connection.execute(
            text(
                "SELECT noun, noun_id, revision FROM landbank.event"
                " WHERE revision BETWEEN :first AND :last AND kind = 'created'"
            ),
            {"first": first, "last": last},
        )
        return {(row.noun, row.noun_id): row.revision for row in rows}

    def _first_states(self, noun: str, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        names = state_columns(self._connection, noun)
        statement = first_plots(names) if noun == "plot" else first_others(noun, names)
        keys = [int(one) for one in ids] if noun == "plot" else list(ids)
        for row in self._connection.execute(text(statement), {"ids": keys}):
            yield row.noun_id, row.state

    def standing(self, noun: str, part: int, parts: int) -> Iterator[tuple[str, str]]:
        """Id and state as they stand now of the things whose number leaves `part` when divided by `parts`."""
        names = state_columns(self._connection, noun)
        rows = self._connection.execute(
            text(standing_plots(names) if noun == "plot" else standing_others(noun, names)),
            {"part": part, "parts": parts},
            execution_options={"yield_per": READ_AT_ONCE},
        )
        for row in rows:
            yield row.noun_id, row.state

    def count(self, noun: str) -> int:
        """How many things of a noun there are or were."""
        return int(self._connection.execute(text(f"SELECT count(*) FROM landbank.{noun}")).scalar_one())

    def add(self, seal: Seal) -> None:
        """Keep a seal."""
        self._connection.execute(
            text(
                "INSERT INTO landbank.seal (first_revision, last_revision, hash, content)"
                " VALUES (:first, :last, :hash, :content)"
            ),
            {
                "first": seal.first_revision,
                "last": seal.last_revision,
                "hash": seal.hash,
                "content": seal.content,
            },
        )

    def seals(self) -> Iterator[Seal]:
        """The seals in the order of the chain."""
        statement = (
            "SELECT first_revision, last_revision, hash, content FROM landbank.seal ORDER BY last_revision"
        )
        rows = self._connection.execute(text(statement), execution_options={"yield_per": 20})
        for row in rows:
            yield Seal(row.first_revision, row.last_revision, bytes(row.hash), bytes(row.content))

    def add_head(self, head: Head) -> bool:
        """Keep a day's head, unless the day has one; whether it was kept."""
        done = self._connection.execute(
            text(
                "INSERT INTO landbank.history_head (day, revision, hash) VALUES (:day, :revision, :hash)"
                " ON CONFLICT (day) DO NOTHING"
            ),
            {"day": head.day, "revision": head.revision, "hash": head.hash},
        )
        return done.rowcount == 1

    def heads(self, since: date | None = None) -> list[Head]:
        """The daily heads from a day on, in the order of days."""
        rows = self._connection.execute(
            text(
                "SELECT day, revision, hash, taken_at FROM landbank.history_head"
                " WHERE day >= coalesce(CAST(:since AS date), '-infinity') ORDER BY day"
            ),
            {"since": since},
        )
        return [Head(row.day, row.revision, bytes(row.hash), row.taken_at) for row in rows]


def state_of(names: Sequence[str], alias: str) -> str:
    """SQL for the state of a row as jsonb."""
    listed = ", ".join(
        f"encode(public.st_asewkb({alias}.{name}), 'hex') AS {name}" if name in SHAPES else f"{alias}.{name}"
        for name in names
    )
    return f"(SELECT to_jsonb(s) FROM (SELECT {listed}) s)"


def facts_of(rows: str) -> str:
    """SQL for a plot's facts as one object, its kinds that have any; `rows` selects those of the table `{table}`."""
    kinds = " || ".join(
        f"""coalesce((SELECT jsonb_build_object('{table}', jsonb_agg(to_jsonb(f) - 'recorded_at' - 'superseded_at'
          ORDER BY f.id)) FROM ({rows.format(table=table)}) f HAVING count(*) > 0), '{{}}')"""
        for table in FACTS
    )
    return f"jsonb_build_object('facts', {kinds})"


SUCCESSORS: Final = """jsonb_build_object('successors', (
  SELECT coalesce(jsonb_agg(l.successor_id ORDER BY l.successor_id), '[]')
  FROM landbank.plot_lineage l WHERE l.predecessor_id = {key}))"""


def first_plots(names: Sequence[str]) -> str:
    """Plots at the end of the change that created them: their first version, facts recorded then and not taken back."""
    listed = ", ".join(names)
    rows = (
        "SELECT * FROM landbank.{table} WHERE plot_id = v.id AND superseded_at IS NULL AND recorded_at = v.recorded_at"
        " UNION ALL SELECT * FROM landbank.{table} WHERE plot_id = v.id AND superseded_at IS NOT NULL"
        " AND superseded_at > v.recorded_at AND recorded_at = v.recorded_at"
    )
    return f"""
        SELECT v.id::text AS noun_id,
          ({state_of(names, "v")} || {facts_of(rows)} || '{{"successors": []}}')::text AS state
        FROM (
          SELECT id, recorded_at, {listed} FROM landbank.plot WHERE id = ANY(:ids) AND row_version = 1
          UNION ALL
          SELECT plot_id, recorded_at, {listed} FROM landbank.plot_version WHERE plot_id = ANY(:ids) AND row_version = 1
        ) v"""


def standing_plots(names: Sequence[str]) -> str:
    """Plots with their facts and successors as they stand."""
    rows = "SELECT * FROM landbank.{table} WHERE plot_id = v.id AND superseded_at IS NULL"
    return f"""
        SELECT v.id::text AS noun_id, ({state_of(names, "v")} || {facts_of(rows)}
          || {SUCCESSORS.format(key="v.id")})::text AS state
        FROM landbank.plot v WHERE v.id % :parts = :part"""


def first_others(noun: str, names: Sequence[str]) -> str:
    """Rows of a noun without versions as they were created: all later changes are taken back."""
    key = key_of(noun)
    return f"""
        SELECT v.{key}::text AS noun_id,
          ({state_of(names, "v")} || coalesce(u.was, '{{}}'))::text AS state
        FROM landbank.{noun} v LEFT JOIN landbank.undone('{noun}', '-infinity') u ON u.noun_id = v.{key}::text
        WHERE v.{key}::text = ANY(:ids)"""


def standing_others(noun: str, names: Sequence[str]) -> str:
    """Rows of a noun without versions as they stand."""
    key = key_of(noun)
    return f"""
        SELECT v.{key}::text AS noun_id, {state_of(names, "v")}::text AS state
        FROM landbank.{noun} v WHERE v.{key}::bigint % :parts = :part"""


def key_of(noun: str) -> str:
    """The column that names a thing of a noun."""
    return "code" if noun == "municipality" else "id"

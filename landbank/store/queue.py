"""The queue of jobs in PostgreSQL: a job is put there in the transaction of what it follows from, or not at all.

The tables and functions are the library's (landbank/store/queue_schema.py); landbank/jobs works the queue off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class JobKindStanding:
    """How the jobs of one name stand: how many wait, work and have failed, and when one last ended well."""

    name: str
    waiting: int
    working: int
    failed: int
    last_success_at: datetime | None
    next_at: datetime | None


class Queue:
    """Statements about jobs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, name: str, arguments: Mapping[str, Any] | None = None, *, once: bool = False) -> bool:
        """Put a job into the queue; it runs once this transaction is committed.

        With `once` nothing happens where such a job with these arguments waits or is being done, and False comes
        back. Two transactions at one moment may still put it there twice, so a job must bear being repeated. (The
        library's own lock for this would make it impossible to try a job again beside a second one.)
        """
        bound = {"name": name, "arguments": json.dumps(dict(arguments or {}))}
        if once and self._is_there(bound):
            return False
        self._connection.execute(
            text(
                """SELECT landbank.procrastinate_defer_jobs_v1(ARRAY[ROW(
                     'default', :name, 0, NULL, NULL, CAST(:arguments AS jsonb), NULL
                   )::landbank.procrastinate_job_to_defer_v1])"""
            ),
            bound,
        )
        return True

    def _is_there(self, bound: Mapping[str, str]) -> bool:
        statement = """SELECT EXISTS (SELECT FROM landbank.procrastinate_jobs
            WHERE status IN ('todo', 'doing') AND task_name = :name AND args = CAST(:arguments AS jsonb))"""
        return bool(self._connection.execute(text(statement), bound).scalar_one())

    def standing(self) -> list[JobKindStanding]:
        """How the jobs stand by name, in the order of the names."""
        rows = self._connection.execute(
            text(
                """SELECT j.task_name AS name,
                     count(*) FILTER (WHERE j.status = 'todo') AS waiting,
                     count(*) FILTER (WHERE j.status = 'doing') AS working,
                     count(*) FILTER (WHERE j.status = 'failed') AS failed,
                     max(e.at) FILTER (WHERE j.status = 'succeeded') AS last_success_at,
                     min(j.scheduled_at) FILTER (WHERE j.status = 'todo') AS next_at
                   FROM landbank.procrastinate_jobs j
                   LEFT JOIN LATERAL (SELECT max(at) AS at FROM landbank.procrastinate_events
                     WHERE job_id = j.id AND type <> 'scheduled') e ON true
                   GROUP BY j.task_name ORDER BY j.task_name"""
            )
        )
        return [JobKindStanding(*row) for row in rows]

    def workers(self) -> int:
        """How many workers have given a sign of life within the past minute."""
        statement = """SELECT count(*) FROM landbank.procrastinate_workers
            WHERE last_heartbeat > now() - interval '1 minute'"""
        return int(self._connection.execute(text(statement)).scalar_one())

    def forget(self, before: datetime) -> int:
        """Delete jobs that ended before a moment, well or not; how many."""
        statement = """DELETE FROM landbank.procrastinate_jobs j
            WHERE j.status NOT IN ('todo', 'doing') AND NOT EXISTS (
              SELECT FROM landbank.procrastinate_events WHERE job_id = j.id AND at >= :before)"""
        return self._connection.execute(text(statement), {"before": before}).rowcount

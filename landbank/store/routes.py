"""Ways by road from plots to infrastructure: where both lie, and the minutes that a network gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from landbank.domain.roads import Ride


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Ids and places (n x 2, metres of EPSG:3006) of things on the map."""

    ids: NDArray[np.int64]
    places: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RoutesWritten:
    """What became of the routes: new or changed, the same as before, and earlier ones that hold no more."""

    changed: int
    unchanged: int
    ended: int


class Routes:
    """Statements on access by road."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plots(self, municipality_code: str | None = None) -> Places:
        """The current plots, of one municipality where it is named."""
        return self._places(
            "SELECT id, ST_X(location) AS x, ST_Y(location) AS y FROM landbank.plot"
            " WHERE (valid_to IS NULL OR valid_to > current_date)"
            " AND (CAST(:code AS text) IS NULL OR municipality_code = :code) ORDER BY id",
            code=municipality_code,
        )

    def infrastructure(self) -> dict[str, Places]:
        """The infrastructure by kind."""
        kinds = self._connection.execute(
            text("SELECT DISTINCT kind FROM landbank.infrastructure ORDER BY kind")
        ).scalars()
        statement = (
            "SELECT id, ST_X(location) AS x, ST_Y(location) AS y FROM landbank.infrastructure"
            " WHERE kind = :kind ORDER BY id"
        )
        return {kind: self._places(statement, kind=kind) for kind in kinds.all()}

    def replace(self, plot_ids: Sequence[int], rides: Iterable[Ride], *, source: str) -> RoutesWritten:
        """Let these be the routes of the plots: one that is the same to a tenth of a minute keeps its row."""
        self._stage(plot_ids, rides)
        ended = self._run(ENDED, source=source).rowcount
        changed = self._run(NEW, source=source).rowcount
        total = self._run("SELECT count(*) FROM route_new").scalar_one()
        return RoutesWritten(changed, total - changed, ended)

    def _stage(self, plot_ids: Sequence[int], rides: Iterable[Ride]) -> None:
        self._run("CREATE TEMP TABLE route_plot (plot_id bigint PRIMARY KEY) ON COMMIT DROP")
        self._run(
            "CREATE TEMP TABLE route_new (plot_id bigint, kind text, infrastructure_id bigint,"
            " minutes double precision, PRIMARY KEY (plot_id, kind)) ON COMMIT DROP"
        )
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor:
            with cursor.copy("COPY route_plot FROM STDIN") as copy:
                for plot_id in plot_ids:
                    copy.write_row((plot_id,))
            with cursor.copy("COPY route_new FROM STDIN") as copy:
                for ride in rides:
                    copy.write_row((ride.plot_id, ride.kind, ride.infrastructure_id, ride.minutes))

    def _places(self, statement: str, **bound: Any) -> Places:
        rows = self._connection.execute(text(statement), bound).all()
        ids = np.array([row.id for row in rows], dtype=np.int64)
        places = np.array([(row.x, row.y) for row in rows], dtype=np.float64).reshape(-1, 2)
        return Places(ids, places)

    def _run(self, statement: str, **bound: Any) -> Any:
        wanted = {name: value for name, value in bound.items() if f":{name}" in statement}
        return self._connection.execute(text(statement), wanted)


SAME = (
    "n.plot_id = a.plot_id AND n.kind = a.kind AND n.infrastructure_id = a.infrastructure_id"
    " AND abs(n.minutes - a.minutes) < 0.1 AND a.source = :source"
)

ENDED = f"""
    UPDATE landbank.access a SET superseded_at = landbank.change_time()
    WHERE a.method = 'network' AND a.superseded_at IS NULL AND a.plot_id IN (SELECT plot_id FROM route_plot)
      AND NOT EXISTS (SELECT FROM route_new n WHERE {SAME})
"""  # noqa: S608 - a constant of this file

NEW = f"""
    INSERT INTO landbank.access (plot_id, kind, infrastructure_id, minutes, method, source, recorded_at)
    SELECT n.plot_id, n.kind, n.infrastructure_id, n.minutes, 'network', :source, landbank.change_time()
    FROM route_new n
    WHERE NOT EXISTS (SELECT FROM landbank.access a
      WHERE a.method = 'network' AND a.superseded_at IS NULL AND {SAME})
    ORDER BY n.plot_id, n.kind
"""  # noqa: S608 - a constant of this file

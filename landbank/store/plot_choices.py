"""What a plot can be linked to in its municipality: business parks, plans, contacts; and points of infrastructure."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

Choices = list[tuple[int, str]]

CHOICES: Final = {
    "area_id": "SELECT id, name FROM landbank.area WHERE municipality_code = :code",
    "plan_id": "SELECT id, concat_ws(' ', reference, name) AS name FROM landbank.plan WHERE municipality_code = :code",
    "sales_contact_id": "SELECT id, title AS name FROM landbank.contact WHERE municipality_code = :code"
    " AND kind = 'sales'",
    "steward_contact_id": "SELECT id, title AS name FROM landbank.contact WHERE municipality_code = :code"
    " AND kind = 'steward'",
    "infrastructure_id": "SELECT id, name FROM landbank.infrastructure WHERE :code <> ''",
}
"""By the field that names one."""

MOST: Final = 2_000
"""So many of a kind a list offers; a municipality has some hundred plans."""


class PlotChoices:
    """Reads of what can be chosen."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, municipality_code: str) -> dict[str, Choices]:
        """Number and name of what each linking field can name, in the order of the names."""
        return {field: self._listed(statement, municipality_code) for field, statement in CHOICES.items()}

    def _listed(self, statement: str, code: str) -> Choices:
        ordered = f'SELECT id, name FROM ({statement}) c ORDER BY name COLLATE "sv-x-icu", id LIMIT :most'  # noqa: S608
        rows = self._connection.execute(text(ordered), {"code": code, "most": MOST})
        return [(row.id, row.name) for row in rows]

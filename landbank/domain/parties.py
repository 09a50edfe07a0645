"""Who knows a value and who could change it: the roles behind a plot's facts, never persons."""

from __future__ import annotations

from enum import StrEnum


class Party(StrEnum):
    """Who can answer a question about a plot, or change what it holds."""

    COMPANY = "company"
    OWNER = "owner"
    MUNICIPALITY = "municipality"
    PLAN_AUTHORITY = "plan_authority"
    GRID_OWNER = "grid_owner"

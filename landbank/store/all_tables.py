"""Every table of landbank: a file a subject declares its own, and this one knows them all."""

from __future__ import annotations

from landbank.store import (
    commitment_tables,
    import_tables,
    layer_tables,
    people_tables,
    seal_tables,
    upkeep_tables,
)
from landbank.store.tables import metadata

TABLE_FILES = (commitment_tables, import_tables, layer_tables, people_tables, seal_tables, upkeep_tables)
"""The files beside `tables.py` whose tables hang on the same metadata."""

__all__ = ["TABLE_FILES", "metadata"]

"""Items as GeoJSON and as JSON-FG. Geometries are the database's text, put in as it came.

Source: RFC 7946; OGC Features and Geometries JSON - Part 1: Core (JSON-FG), OGC 21-045r1.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import orjson

from landbank.geo.named_crs import CRS84
from landbank.store.collections import Collection
from landbank.store.features import Feature, Shown

JSON_FG = [
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
]
PROFILE_ADDRESS = "http://www.opengis.net/def/profile/OGC/0/"
_DIMENSIONS = {"point": 0, "point-or-multipoint": 0, "linestring-or-multilinestring": 1, "polygon-or-multipolygon": 2,
               "multipolygon": 2}  # fmt: skip


class Profile(StrEnum):
    """The profiles of GeoJSON by the value of `profile`."""

    RFC7946 = "rfc7946"
    JSONFG = "jsonfg"
    JSONFG_PLUS = "jsonfg-plus"


def feature_json(feature: Feature, collection: Collection, shown: Shown, profile: Profile) -> dict[str, Any]:
    """An item as a Feature of the profile."""
    if profile is Profile.RFC7946:
        return {
            "type": "Feature",
            "id": feature.key,
            "geometry": _fragment(feature.geometry),
            "properties": feature.properties,
        }
    is_lonlat = shown.crs is CRS84
    return {
        "type": "Feature",
        "id": feature.key,
        "time": time_of(feature, collection),
        "place": None if is_lonlat else _fragment(feature.geometry),
        "geometry": _fragment(feature.geometry if is_lonlat else feature.lonlat),
        "properties": feature.properties,
    }


def time_of(feature: Feature, collection: Collection) -> dict[str, Any] | None:
    """When an item holds, where its collection has a period and both ends are shown; an open end is '..'."""
    if collection.period is None or not all(name in feature.properties for name in collection.period):
        return None
    first, last = (feature.properties[name] for name in collection.period)
    return {"interval": [_day(first), _day(last)]}


def _day(day: date | None) -> str:
    return ".." if day is None else day.isoformat()


def _fragment(geometry: Any) -> Any:
    return None if geometry is None else orjson.Fragment(geometry)


def root_json(collection: Collection, shown: Shown, profile: Profile, schema_url: str) -> dict[str, Any]:
    """What the root object of a JSON-FG document says of all that is in it; nothing for plain GeoJSON."""
    if profile is Profile.RFC7946:
        return {}
    told: dict[str, Any] = {
        "conformsTo": JSON_FG,
        "featureType": collection.name,
        "featureSchema": schema_url,
    }
    if collection.geometry_kind in _DIMENSIONS:
        told["geometryDimension"] = _DIMENSIONS[collection.geometry_kind]
    if shown.crs is not CRS84:
        told["coordRefSys"] = shown.crs.uri
    return told


def features_json(
    features: Sequence[Feature], collection: Collection, shown: Shown, profile: Profile
) -> list[dict[str, Any]]:
    """Items as Features."""
    return [feature_json(feature, collection, shown, profile) for feature in features]

"""The only room that knows Folium. Constants in, page fragments out; no text from data ever enters."""

from landbank.maps.parts import MapParts, map_parts

__all__ = ["MapParts", "map_parts"]

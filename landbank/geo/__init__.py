"""The only room that knows coordinate reference systems (pyproj) and tile arithmetic.

Knows nothing of files, tables or frames: arrays and shapely geometries in and out.
"""

"""Does a building fit on a plot? Rectangles at any angle in the ground that may be built on, each answer certified.

Shapes are shapely polygons in one plane with metres as units; which reference system that is, nothing here knows.
"""

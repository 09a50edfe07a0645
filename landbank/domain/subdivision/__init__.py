"""Dividing a plot that is larger than a need: one cut at a right angle to the road front.

Shapes are polygons in one plane with metres as units.
"""

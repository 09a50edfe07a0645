"""Neighbouring plots taken together: which adjoin, which sets are enough for a need, and what the set is as one plot.

A place is a plot's position in the arrays at hand, from 0. Shapes are polygons in one plane, metres.
"""

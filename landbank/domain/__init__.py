"""What a planner or a company would say, as plain values and pure functions.

Only the standard library, numpy, scipy and shapely are known here: no database, network, file, clock,
coordinate reference system or data frame. What a function needs is passed in.
"""

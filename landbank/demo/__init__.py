"""A synthetic inventory, labelled synthetic, from a seed.

Pure: numpy and shapely in, rows out; writing them down is the store's.
"""

"""Files in and out: the only room with data frames.

Reads, maps columns, checks and writes; knows neither the database nor HTTP.
"""

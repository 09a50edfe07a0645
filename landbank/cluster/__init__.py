"""A private PostgreSQL cluster on a unix socket: find the binaries, create, start, stop.

Knows no table of landbank.
"""

from landbank.cluster.binaries import Binaries, find_binaries
from landbank.cluster.cluster import Cluster
from landbank.cluster.postgis import ServerFacts, inspect_server

__all__ = ["Binaries", "Cluster", "ServerFacts", "find_binaries", "inspect_server"]

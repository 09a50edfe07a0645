"""A private PostgreSQL cluster on a unix socket: find the binaries, create, start, stop.

Knows no table of landbank.
"""

from landbank.cluster.account import make_folder
from landbank.cluster.binaries import Binaries, find_binaries
from landbank.cluster.cluster import Cluster, read_major
from landbank.cluster.server import ServerFacts, describe_address, inspect_server, refuse_silent_server

__all__ = [
    "Binaries",
    "Cluster",
    "ServerFacts",
    "describe_address",
    "find_binaries",
    "inspect_server",
    "make_folder",
    "read_major",
    "refuse_silent_server",
]

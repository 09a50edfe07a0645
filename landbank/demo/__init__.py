"""The synthetic inventory: invented parks, plans and plots on real land, every row labelled as synthetic.

Knows codes, code lists and geometry; nothing of databases, files of users or the clock: land, infrastructure and the
day are passed in.
"""

from landbank.demo.batch import TABLES, Batch, Columns
from landbank.demo.generate import generate
from landbank.demo.scene import REGION_HOLDS
from landbank.demo.setting import Border, Infrastructure

__all__ = ["REGION_HOLDS", "TABLES", "Batch", "Border", "Columns", "Infrastructure", "generate"]

"""The only room with SQL: `tables.py`, one file a noun, and one spatial statement a file in sql/.

Never commits: the transaction is opened and closed by wiring. `Store` is one transaction's view of the inventory.
"""

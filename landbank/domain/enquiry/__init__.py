"""Free text to an editable need, by rules only: every slot shows the words it came from, the rest is listed.

`read.py` reads a text, `need.py` makes the need; the rules stand in a file a subject. Swedish and English.
"""

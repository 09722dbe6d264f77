"""The rules of the check, by subject. Read `table.py` first: all of them on one screen."""

"""Bringing things into a draft: rows from a spreadsheet, texts from a document, goals of other plans.

`packages` looks at a file before a parser meets it, `reading` turns a spreadsheet into tables, `matching`
compares them with the draft, `applying` writes what was seen through the same door as the form.
"""

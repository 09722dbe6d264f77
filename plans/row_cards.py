"""The rows of a section as its page shows them: what surrounds their controls is drawn once for a table."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from portal.controls import drawn_together, escape

# No text of a person has them: browsers send no such character, and databases keep none.
NUMBER, UID, TITLE, ORIGIN, CONTROLS = (
    f"\x00{name}" for name in ("number", "uid", "title", "origin", "controls")
)


class RowCards:
    """The cards of the rows in one table."""

    def __init__(self, rows):
        self.rows, self.row_set = rows, rows.row_set
        self.around = {}

    def all(self):
        """Return the cards of all rows, numbered from one."""
        return [self.card(form, number) for number, form in enumerate(self.rows.forms, start=1)]

    def pattern(self):
        """Return the card that the browser copies to add a row."""
        return self.card(self.rows.pattern, "__number__")

    def card(self, form, number):
        """Return one card: who the row is, its columns, and the mark that removes a stored one."""
        controls = ["uid", *self.row_set.fields, *([] if form.is_new else ["delete"])]
        values = {
            NUMBER: str(number),
            UID: escape(form.row.uid),
            TITLE: "" if form.is_new else escape(form.row),
            ORIGIN: escape(form.row.origin),
            CONTROLS: drawn_together(form, controls),
        }
        card = self.drawn_around(form)
        for stand_in, value in values.items():
            card = card.replace(stand_in, value)
        return mark_safe(card)

    def drawn_around(self, form):
        """Return the card of such a row, with stand-ins for all that differs among them."""
        opened, borrowed = form.is_new or bool(form.fields_with_errors), bool(form.row.origin)
        kind = form.is_new, opened, borrowed
        if kind not in self.around:
            shown = {
                "name": self.row_set.name,
                "one": self.row_set.one,
                "opened": opened,
                "number": NUMBER,
                "uid": UID,
                "title": TITLE,
                "origin": ORIGIN if borrowed else "",
                "controls": mark_safe(CONTROLS),
                "alike": form.alike,
            }
            self.around[kind] = render_to_string("plans/_row.html", shown)
        return self.around[kind]

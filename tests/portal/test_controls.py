"""Controls written out at once are those of the form pack: the same tags, attributes, values and mistakes."""

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms
from django.test.html import parse_html

from portal.controls import drawn, drawn_together

CHOICES = [("", "– wybierz –"), ("1", "Pierwszy & <ostatni>"), (2, "Drugi „cudzysłów”")]


class Nasty(forms.Form):
    line = forms.CharField(label="wiersz", required=False, max_length=20)
    number = forms.IntegerField(
        label="liczba",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    day = forms.DateField(label="dzień", required=False, widget=forms.DateInput(attrs={"class": "short"}))
    told = forms.CharField(label="tekst <b>", required=False, help_text="Podpowiedź", widget=forms.Textarea)
    one = forms.ChoiceField(label="jeden", required=False, choices=CHOICES)
    many = forms.MultipleChoiceField(
        label="wiele", required=False, choices=CHOICES[1:], widget=forms.CheckboxSelectMultiple
    )
    many_told = forms.MultipleChoiceField(
        label="wiele",
        required=False,
        help_text="Ile chcesz",
        choices=CHOICES[1:],
        widget=forms.CheckboxSelectMultiple,
    )
    box = forms.BooleanField(label="pole", required=False, help_text="Zaznacz, jeśli tak")
    must = forms.CharField(label="konieczne")
    hidden = forms.UUIDField(widget=forms.HiddenInput, required=False)


STATES = {
    "empty": lambda: Nasty(),
    "filled": lambda: Nasty(
        initial={
            "line": '"><script>',
            "number": 7,
            "told": "</textarea>\n& dalej",
            "one": 2,
            "many": ["1", 2],
        }
    ),
    "posted": lambda: Nasty(
        {
            "line": "x" * 21,
            "number": "siedem",
            "day": "31.02.2026",
            "one": "9",
            "many": ["1", "9"],
            "box": "on",
        }
    ),
    "posted well": lambda: Nasty({"day": "28.02.2026", "one": "1", "many_told": ["2"], "must": "jest"}),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", Nasty.base_fields)
def test_a_control_is_the_one_that_the_form_pack_draws(state, name):
    form = STATES[state]()

    assert parse_html(drawn(form[name])) == parse_html(as_crispy_field(form[name]))


@pytest.mark.parametrize("state", STATES)
def test_rows_that_share_their_fields_are_drawn_as_each_field_alone(state):
    rows = [STATES[state](), STATES["filled"](), STATES[state]()]
    for number, row in enumerate(rows):
        row.prefix = f"wiersz-{number}"
        row.fields = rows[0].fields
    alone = [[as_crispy_field(row[name]) for name in Nasty.base_fields] for row in rows]

    together = [drawn_together(row, Nasty.base_fields) for row in rows]

    assert [parse_html(row) for row in together] == [parse_html("".join(fields)) for fields in alone]


def test_a_row_after_another_shows_its_own_choice():
    first, second = Nasty({"one": "1"}), Nasty({"one": "2"})
    second.fields["one"] = first.fields["one"]

    assert 'value="1" selected' in drawn(first["one"])
    assert 'value="1" selected' not in drawn(second["one"])
    assert 'value="2" selected' in drawn(second["one"])

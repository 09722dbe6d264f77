"""The form in which a participant gives data, and that in which somebody else says why they read them."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.pl import pesel

from jst.models import ParticipantValue
from jst.models.dated import today
from jst.participant_fields import BIRTH_DATE, NO, PESEL, SEX, YES
from portal.encryption import masked

from .base import PortalForm

GIVEN, REFUSED, NONE = ParticipantValue.Answer
REFUSAL = "-"
WITHOUT_PESEL = "no_pesel"


class ParticipantDataForm(PortalForm):
    """One's own data, as far as the project asks them. What is left empty may be given later.

    `answers` is what was given before: field → (answer, value). The PESEL number is never written back into
    the page: an empty box leaves it as it is.
    """

    def __init__(self, data=None, *, asked, options, answers):
        super().__init__(data)
        self.asked, self.options, self.answers = asked, options, answers
        for field in asked:
            self.fields[field.name] = MAKERS[field.kind](self, field)
            if field.name == PESEL:
                self.fields[WITHOUT_PESEL] = forms.BooleanField(
                    label=_("I have no PESEL number"), required=False, initial=self.before(PESEL)[0] == NONE
                )

    def before(self, name):
        return self.answers.get(name, (None, ""))

    def initial_of(self, name):
        answer, value = self.before(name)
        return REFUSAL if answer == REFUSED else value

    def clean(self):
        found = super().clean()
        if found.get(PESEL) and found.get(WITHOUT_PESEL):
            self.add_error(PESEL, _("Give the number, or say that you have none: not both."))
        elif PESEL in found and not found[WITHOUT_PESEL]:
            # An empty box leaves the number that was given before.
            self.compare(found[PESEL] or self.before(PESEL)[1], found)
        return found

    def compare(self, number, found):
        """Say where the number and the date of birth or the sex beside it disagree."""
        if not number:
            return
        born = found.get(BIRTH_DATE)
        if born and pesel.get_birth_date(number) != born:
            self.add_error(BIRTH_DATE, _("The date of birth differs from that in the PESEL number."))
        sex = (found.get(SEX) or "").casefold()[:1]
        if sex and sex != {"F": "k", "M": "m"}[pesel.get_gender(number)]:
            self.add_error(SEX, _("The sex differs from that in the PESEL number."))

    def given(self):
        """Return what `participants.save_answers` takes: field → (answer, value), or None for nothing."""
        return {field.name: self.answer(field) for field in self.asked if self.says(field)}

    def says(self, field):
        """Whether the form says anything about the field: an empty box for PESEL does not."""
        if field.name != PESEL:
            return True
        had_none = self.before(PESEL)[0] == NONE
        return bool(self.cleaned_data[PESEL]) or self.cleaned_data[WITHOUT_PESEL] != had_none

    def answer(self, field):
        value = self.cleaned_data[field.name]
        if field.name == PESEL and not value:
            return (NONE, "") if self.cleaned_data[WITHOUT_PESEL] else None
        if value is None or value == "":
            return None
        if value == REFUSAL:
            return REFUSED, ""
        return GIVEN, value.isoformat() if isinstance(value, date) else str(value)


# --- One maker for each kind of field -----------------------------------------------------------


def common(form, field):
    return {
        "label": field.label,
        "required": False,
        "help_text": field.hint,
        "initial": form.initial_of(field.name),
    }


def attributes(field, **more):
    return ({"autocomplete": field.token} if field.token else {"autocomplete": "off"}) | more


def text(form, field):
    return forms.CharField(
        **common(form, field), max_length=200, widget=forms.TextInput(attrs=attributes(field))
    )


def choice(form, field):
    values = list(form.options.get(field.name, []))
    before = form.initial_of(field.name)
    # An answer of an older dictionary stays to be seen until another is chosen.
    if before and before not in values:
        values.append(before)
    options = [("", _("not given")), *((value, value) for value in values)]
    return forms.ChoiceField(**common(form, field), choices=options)


def yes_no(form, field):
    options = [(YES, _("Yes")), (NO, _("No"))]
    if field.sensitive:
        options.append((REFUSAL, _("I refuse to say")))
    return forms.ChoiceField(**common(form, field), choices=options, widget=forms.RadioSelect)


def day(form, field):
    return forms.DateField(
        **common(form, field) | {"initial": as_date(form.initial_of(field.name))},
        validators=[check_past],
        widget=forms.DateInput(attrs=attributes(field, type="date"), format="%Y-%m-%d"),
    )


def age(form, field):
    return forms.IntegerField(**common(form, field), min_value=15, max_value=110)


def postcode(form, field):
    return forms.CharField(
        **common(form, field),
        max_length=10,
        validators=[check_postcode],
        widget=forms.TextInput(attrs=attributes(field, **{"class": "short"})),
    )


def phone(form, field):
    return forms.CharField(
        **common(form, field),
        max_length=30,
        validators=[check_phone],
        widget=forms.TextInput(attrs=attributes(field, type="tel", **{"class": "short"})),
    )


def pesel_number(form, field):
    answer, value = form.before(field.name)
    hint = _("11 digits.")
    if answer == GIVEN:
        hint = _("Given: %s. Type a number only to replace it.") % masked(value)
    return PeselField(
        **common(form, field) | {"initial": "", "help_text": hint},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "short"}),
    )


class PeselField(forms.CharField):
    """A PESEL number with its control digit, typed with or without spaces."""

    def clean(self, value):
        number = re.sub(r"[\s-]", "", super().clean(value))
        try:
            return pesel.validate(number) if number else ""
        except InvalidNumber:
            raise forms.ValidationError(
                _("There is a mistake in the PESEL number: check the digits. It has 11 digits.")
            ) from None


def as_date(value):
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def check_past(value):
    if not date(1900, 1, 1) <= value < today():
        raise forms.ValidationError(_("Give a day of the past."))


def check_postcode(value):
    if not re.fullmatch(r"\d{2}-\d{3}", value):
        raise forms.ValidationError(_("Write the postal code as two digits, a hyphen and three digits."))


def check_phone(value):
    if not re.fullmatch(r"\+?[\d\s()-]{7,25}", value):
        raise forms.ValidationError(_("Write the number with digits and spaces only."))


MAKERS = {
    "text": text,
    "choice": choice,
    "yes_no": yes_no,
    "date": day,
    "age": age,
    "postcode": postcode,
    "phone": phone,
    "pesel": pesel_number,
}


# --- Reading, finding ---------------------------------------------------------------------------


class ReadForm(PortalForm):
    """Why somebody reads another person's data; PESEL only where it is asked for by itself."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("The person sees it. For example: correction of the quarterly report."),
    )
    with_pesel = forms.BooleanField(label=gettext_lazy("Show the PESEL number too"), required=False)

    def __init__(self, *args, pesel, **kwargs):
        super().__init__(*args, **kwargs)
        if not pesel:
            del self.fields["with_pesel"]
        else:
            self.fields["with_pesel"].help_text = _("You will give your password again first.")


class ParticipantFilter(forms.Form):
    """Words of a name, and only people whose data are missing something."""

    szukaj = forms.CharField(label=gettext_lazy("Name or e-mail"), required=False, max_length=100)
    braki = forms.BooleanField(
        label=gettext_lazy("Only people whose data are missing something"), required=False
    )

"""The controls of long forms, written out at once: the same HTML as the form pack's, at a tenth of its cost.

A section of a plan has hundreds of them; drawn by templates they would be nearly all of the page's work.
The rows of a section share their fields, so that all around a value is drawn once for each column: the field
keeps it, with stand-ins for the name and for the value. Only the kinds of control that such forms have are
known here; another kind is drawn by its own widget.
"""

import copy
import html

from django import forms
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

# No name and no text of a person has them: browsers send no such character, and databases keep none.
NAME, VALUE = "\x00name", "\x00value"


def escape(text):
    """Escape as Django does, without asking whether a text is a promise or safe: here none is trusted."""
    return html.escape(str(text))


def drawn_together(form, names):
    """Return some fields of a form one after the other, as `drawn` does each.

    Where nothing was posted, all that differs from row to row is the name and the value.
    """
    if form.is_bound:
        return mark_safe("".join(drawn(form[name]) for name in names))
    return mark_safe("".join(drawn_unbound(form, name) for name in names))


def drawn_unbound(form, name):
    field = form.fields[name]
    around, value_in = getattr(field, "around_value", None), VALUES.get(type(field.widget))
    if around is None or value_in is None:
        return drawn(form[name])
    value = field.prepare_value(form.get_initial_for_field(field, name))
    return around.replace(NAME, escape(form.add_prefix(name))).replace(VALUE, value_in(field, value))


def drawn(bound):
    """Return one field with its label, hint, mistakes and control as safe HTML."""
    field = bound.field
    value_in = VALUES.get(type(field.widget))
    if value_in is None and type(field.widget) is not forms.CheckboxSelectMultiple:
        return mark_safe(framed(bound, str(bound)))
    if bound.form.is_bound and bound.errors:
        around = framed(bound, control(bound))
    else:
        around = around_value(bound).replace(NAME, escape(bound.html_name))
    return mark_safe(around.replace(VALUE, value_in(field, bound.value()) if value_in else boxes(bound)))


def around_value(bound):
    """Return all but the name and the value of a field without mistakes, as the field keeps it."""
    found = getattr(bound.field, "around_value", None)
    if found is None:
        unnamed = copy.copy(bound)
        unnamed.html_name = NAME
        found = bound.field.around_value = framed(unnamed, control(unnamed))
    return found


def framed(bound, control):
    """Return a control with its label, hint and mistakes; a hidden one has none."""
    widget = bound.field.widget
    if widget.is_hidden:
        return control
    mistakes = bound.errors
    error = (
        f'<p class="error" id="{bound.auto_id}_error">{escape(" ".join(mistakes))}</p>' if mistakes else ""
    )
    hint = bound.help_text
    hint = f'<div class="hint" id="{bound.auto_id}_helptext">{escape(hint)}</div>' if hint else ""
    opened = f'class="field{" has-error" if mistakes else ""}"'
    label = escape(capfirst(bound.label))
    if isinstance(widget, forms.CheckboxInput):
        box = f'<div class="check">{control} <label for="{bound.id_for_label}">{label}</label></div>'
        return f"<div {opened}>{error}{box}{hint}</div>"
    if widget.use_fieldset:
        described = bound.aria_describedby
        described = f' aria-describedby="{described}"' if described else ""
        return f"<fieldset {opened}{described}><legend>{label}</legend>{hint}{error}{control}</fieldset>"
    form = ' <span class="format">dd.mm.rrrr</span>' if isinstance(widget, forms.DateInput) else ""
    label = f'<label for="{bound.id_for_label}">{label}{form}</label>'
    return f"<div {opened}>{label}{hint}{error}{control}</div>"


def control(bound):
    """Return the control alone, with a stand-in for its value."""
    widget, attrs = bound.field.widget, attributes(bound)
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return f'<div id="{attrs["id"]}">{VALUE}</div>'
    named = f'name="{escape(bound.html_name)}"'
    if isinstance(widget, forms.Textarea):
        return f"<textarea {named}{written(attrs)}>\n{VALUE}</textarea>"
    if isinstance(widget, forms.Select):
        return f"<select {named}{written(attrs)}>{VALUE}</select>"
    return f'<input type="{widget.input_type}" {named}{VALUE}{written(attrs)}>'


def attributes(bound):
    """Return the attributes of a control as Django gives them, without its name and value."""
    widget = bound.field.widget
    found = {**widget.attrs, **bound.build_widget_attrs({}, widget)}
    found.setdefault("id", bound.auto_id)
    return found


def written(attrs):
    """Return attributes as they stand in a tag; a true one stands alone, a false one not at all."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in attrs.items()
        if value is not None and value is not False
    )


# --- Values -----------------------------------------------------------------------------------


def in_input(field, value):
    value = field.widget.format_value(value)
    return "" if value in (None, "") else f' value="{escape(value)}"'


def in_text_area(field, value):
    return escape(field.widget.format_value(value) or "")


def in_check_box(field, value):
    widget = field.widget
    checked = " checked" if widget.check_test(value) else ""
    value = widget.format_value(value)
    return checked if value is None else f'{checked} value="{escape(value)}"'


def in_select(field, value):
    """The options, each drawn once for all rows; what is chosen is marked."""
    values = set(field.widget.format_value(value))
    return "".join(chosen if key in values else plain for key, plain, chosen in options_of(field.widget))


def options_of(widget):
    """Return (value, option, the same chosen) of each choice; kept with the widget for its next row."""
    ready = getattr(widget, "options_in_html", None)
    if ready is None:
        ready = []
        for value, label in widget.choices:
            start, end = f'<option value="{escape(value)}"', f">{escape(label)}</option>"
            ready.append((str(value), start + end, f"{start} selected{end}"))
        widget.options_in_html = ready
    return ready


def boxes(bound):
    """The boxes of several choices; they have names and marks of their own."""
    # The fieldset around tells the mistakes and the hint: the boxes need not.
    widget = bound.field.widget
    values, identity = set(widget.format_value(bound.value())), bound.auto_id
    rest = {name: value for name, value in attributes(bound).items() if name != "id"}
    start = f'<input type="checkbox" name="{escape(bound.html_name)}"'
    return "".join(
        f'<div><label for="{identity}_{number}">{start} value="{escape(value)}"'
        f'{" checked" if str(value) in values else ""} id="{identity}_{number}"{written(rest)}>'
        f" {escape(label)}</label></div>"
        for number, (value, label) in enumerate(widget.choices)
    )


VALUES = {
    forms.HiddenInput: in_input,
    forms.TextInput: in_input,
    forms.DateInput: in_input,
    forms.Textarea: in_text_area,
    forms.CheckboxInput: in_check_box,
    forms.Select: in_select,
}

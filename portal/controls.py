"""The controls of long forms, written out at once: the same HTML as the form pack's, at a tenth of its cost.

A section of a plan has hundreds of them; drawn by templates they would be nearly all of the page's work.
Only the kinds of control that such forms have are known here; another kind is drawn by its own widget.
"""

from django import forms
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import capfirst


def drawn(bound):
    """Return one field with its label, hint, mistakes and control as safe HTML."""
    widget = bound.field.widget
    if widget.is_hidden:
        return mark_safe(simple_input(bound, attributes(bound), "hidden"))
    mistakes = bound.errors
    error = (
        f'<p class="error" id="{bound.auto_id}_error">{escape(" ".join(mistakes))}</p>' if mistakes else ""
    )
    hint = bound.help_text
    hint = f'<div class="hint" id="{bound.auto_id}_helptext">{escape(hint)}</div>' if hint else ""
    opened = f'class="field{" has-error" if mistakes else ""}"'
    label = escape(capfirst(bound.label))
    if isinstance(widget, forms.CheckboxInput):
        box = f'<div class="check">{check_box(bound)} <label for="{bound.id_for_label}">{label}</label></div>'
        return mark_safe(f"<div {opened}>{error}{box}{hint}</div>")
    if widget.use_fieldset:
        described = bound.aria_describedby
        described = f' aria-describedby="{described}"' if described else ""
        return mark_safe(
            f"<fieldset {opened}{described}><legend>{label}</legend>{hint}{error}{control(bound)}</fieldset>"
        )
    form = ' <span class="format">dd.mm.rrrr</span>' if isinstance(widget, forms.DateInput) else ""
    label = f'<label for="{bound.id_for_label}">{label}{form}</label>'
    return mark_safe(f"<div {opened}>{label}{hint}{error}{control(bound)}</div>")


def control(bound):
    """Return the control alone."""
    draw = CONTROLS.get(type(bound.field.widget))
    return draw(bound, attributes(bound)) if draw else str(bound)


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


def simple_input(bound, attrs, kind="text"):
    value = bound.field.widget.format_value(bound.value())
    value = "" if value in (None, "") else f' value="{escape(value)}"'
    return f'<input type="{kind}" name="{bound.html_name}"{value}{written(attrs)}>'


def text_area(bound, attrs):
    value = bound.field.widget.format_value(bound.value())
    return f'<textarea name="{bound.html_name}"{written(attrs)}>\n{escape(value or "")}</textarea>'


def check_box(bound):
    widget = bound.field.widget
    attrs = attributes(bound)
    if widget.check_test(bound.value()):
        attrs["checked"] = True
    value = widget.format_value(bound.value())
    value = "" if value is None else f' value="{escape(value)}"'
    return f'<input type="checkbox" name="{bound.html_name}"{value}{written(attrs)}>'


def choices_of(widget):
    """Return (value, escaped value, escaped label) of each choice; kept with the widget for its next row."""
    ready = getattr(widget, "choices_in_html", None)
    if ready is None:
        ready = [(str(value), escape(value), escape(label)) for value, label in widget.choices]
        widget.choices_in_html = ready
    return ready


def chosen(bound):
    return set(bound.field.widget.format_value(bound.value()))


def select(bound, attrs):
    values = chosen(bound)
    options = "".join(
        f'<option value="{shown}"{" selected" if value in values else ""}>{label}</option>'
        for value, shown, label in choices_of(bound.field.widget)
    )
    return f'<select name="{bound.html_name}"{written(attrs)}>{options}</select>'


def check_boxes(bound, attrs):
    values, name, identity = chosen(bound), bound.html_name, attrs.pop("id")
    # The fieldset around tells the mistakes and the hint: the boxes need not.
    rest = written(attrs)
    boxes = "".join(
        f'<div><label for="{identity}_{number}"><input type="checkbox" name="{name}" value="{shown}"'
        f'{" checked" if value in values else ""} id="{identity}_{number}"{rest}> {label}</label></div>'
        for number, (value, shown, label) in enumerate(choices_of(bound.field.widget))
    )
    return f'<div id="{identity}">{boxes}</div>'


CONTROLS = {
    forms.TextInput: simple_input,
    forms.DateInput: simple_input,
    forms.Textarea: text_area,
    forms.Select: select,
    forms.CheckboxSelectMultiple: check_boxes,
}

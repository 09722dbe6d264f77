"""What the pages of a review draw often enough to be drawn without a template."""

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()


@register.simple_tag
def scale(line):
    """The options of one question side by side; `line` is that of plans.review_forms."""
    options = (
        (line.name, value, " checked" if value == line.value else "", words) for value, words in line.choices
    )
    option = '<label><input type="radio" name="{}" value="{}"{}> {}</label>'
    return format_html("<div>{}</div>", format_html_join("", option, options))

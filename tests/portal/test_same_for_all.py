"""Parts of a page that are drawn once for everybody hold nothing of anybody."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

START, END = "{% load i18n static same_for_all %}{% same_for_all %}", "{% end_same_for_all %}"


def test_fixed_words_and_addresses_are_drawn_once_in_each_language():
    page = Template(START + '<a href="{% url \'contact\' %}">{% translate "Sunday" %}</a>' + END)

    with translation.override("pl"):
        in_polish = [page.render(Context()), page.render(Context())]
    with translation.override("en"):
        in_english = page.render(Context())

    assert in_polish == ['<a href="/kontakt/">Niedziela</a>'] * 2
    assert in_english == '<a href="/kontakt/">Sunday</a>'


@pytest.mark.parametrize(
    "inside",
    [
        "{{ user }}",
        "{% if user %}a{% endif %}",
        "{% csrf_token %}",
        '{% include "_partials/footer.html" %}',
        "{% blocktranslate %}{{ user }}{% endblocktranslate %}",
        "{% now 'H:i' %}",
    ],
)
def test_what_may_differ_from_page_to_page_is_refused(inside):
    with pytest.raises(TemplateSyntaxError):
        Template(START + inside + END)


def test_the_context_of_a_page_does_not_reach_inside():
    page = Template(START + "{% translate word %}" + END)

    with pytest.raises(AttributeError):
        page.render(Context({"word": "secret"}))

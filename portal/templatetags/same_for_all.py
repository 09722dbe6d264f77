"""The parts of a page that are the same for everybody: drawn once in each language, then only repeated.

    {% same_for_all %}<a href="{% url 'contact' %}">{% translate "Contact" %}</a>{% end_same_for_all %}

Only fixed words, addresses without keys and static files may stand inside, and they are drawn without the
page's context: nothing of a person or of a request can get into them.
"""

from weakref import WeakKeyDictionary

from django import template
from django.template.base import TextNode
from django.template.defaulttags import URLNode
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

register = template.Library()

# By node and language; a template that is compiled anew forgets what it had drawn.
drawn = WeakKeyDictionary()

MAY_STAND_INSIDE = (TextNode, TranslateNode, URLNode, StaticNode)


class SameForAll(template.Node):
    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        language = get_language()
        found = drawn.setdefault(self, {})
        if language not in found:
            found[language] = self.nodelist.render(template.Context())
        return found[language]


@register.tag
def same_for_all(parser, token):
    """Draw what stands up to `end_same_for_all` once in each language."""
    nodelist = parser.parse(["end_same_for_all"])
    parser.delete_first_token()
    for node in nodelist:
        if not isinstance(node, MAY_STAND_INSIDE):
            raise template.TemplateSyntaxError(f"{node!r} may differ from page to page.")
    return SameForAll(nodelist)

"""Plain text with a few conventions: a blank line ends a paragraph, "- " and "1. " begin the items of lists.

No markup is stored. `blocks` reads the conventions; the page, the PDF and the DOCX show what it returns.
`word_count` is the one rule for counting words; static/js/counter.js follows it to the letter.
"""

import re

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe

PARAGRAPH, BULLETS, NUMBERS = "p", "ul", "ol"

# Dots and dashes of word processors are bullets too: people paste.
BULLET = re.compile(r"[-–•][ \t]+(?=\S)")
NUMBER = re.compile(r"(\d{1,3})\.[ \t]+(?=\S)")
LINE_BREAK = re.compile(r"\r\n|\r|\n")

# What separates words, named one by one: Python and the browser disagree about \s.
SPACE = re.compile(
    "[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+"
)


def blocks(text):
    """Return the text as a list of (kind, items): lines of a paragraph "p", items of a list "ul" or "ol".

    A numbered list begins with 1 and goes on by one; other numbers stay part of a paragraph,
    so that what is shown never differs from what was written.
    """
    found = []
    ended = True
    for line in LINE_BREAK.split(text):
        line = line.strip()
        if not line:
            ended = True
            continue
        kind, item = kind_and_item(line, found)
        joins = bool(found) and found[-1][0] == kind
        if kind == PARAGRAPH:
            joins = joins and not ended
        elif kind == NUMBERS:
            joins = joins and not starts_over(line)
        if joins:
            found[-1][1].append(item)
        else:
            found.append((kind, [item]))
        ended = False
    return found


def kind_and_item(line, before):
    """Return the kind of block that `line` belongs to, and the line without its mark."""
    if mark := BULLET.match(line):
        return BULLETS, line[mark.end() :]
    if mark := NUMBER.match(line):
        number = int(mark[1])
        goes_on = bool(before) and before[-1][0] == NUMBERS and number == len(before[-1][1]) + 1
        if number == 1 or goes_on:
            return NUMBERS, line[mark.end() :]
    return PARAGRAPH, line


def starts_over(line):
    return int(NUMBER.match(line)[1]) == 1


def render_html(text):
    """Return the text as HTML; everything in it is escaped."""
    return mark_safe("\n".join(block_html(kind, items) for kind, items in blocks(str(text or ""))))


def block_html(kind, items):
    if kind == PARAGRAPH:
        return format_html("<p>{}</p>", mark_safe("<br>".join(conditional_escape(item) for item in items)))
    return format_html(
        "<{}>{}</{}>", kind, format_html_join("", "<li>{}</li>", ((item,) for item in items)), kind
    )


def word_count(text):
    """Return the number of words: stretches between spaces that hold a letter or a digit."""
    return sum(any(sign.isalnum() for sign in stretch) for stretch in SPACE.split(text or ""))

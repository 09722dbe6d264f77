"""The Polish catalogue: gather the sentences of the source, keep their translations, compile.

    .venv/bin/python -m tests.catalogue

Merges what the source says into locale/pl/LC_MESSAGES/django.po, compiles django.mo beside it, and
prints what still waits for Polish words. Entries follow the files they come from and carry no line
numbers, so a diff shows changed sentences and nothing else.
"""

import io
import re
import sys
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PO = ROOT / "locale" / "pl" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
APPS = ["portal", "jst", "plans"]
TEMPLATES = {".html", ".txt"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The rule of Django's own Polish catalogue: four forms.
PLURAL = (
    "nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%100>14) ? 1 : "
    "n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || (n%100>=12 && n%100<=14) ? 2 : 3);"
)
FORMS = 4
HEADER = {
    "Project-Id-Version": "Portal JST",
    "Language": "pl",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": PLURAL,
}


def sources():
    """Give every file whose sentences people read, in a fixed order."""
    for folder in [*APPS, "templates"]:
        for path in sorted((ROOT / folder).rglob("*")):
            if "migrations" not in path.parts and path.suffix in {".py", *TEMPLATES}:
                yield path


def as_python(path):
    """Return the bytes to extract from: a template becomes Python that names its sentences."""
    text = path.read_text()
    if path.suffix in TEMPLATES:
        # What is left of a template's indentation means nothing in Python.
        text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
    return text.encode()


def sentences():
    """Return {(context, singular): (plural or None, the files that say it)}, in the order of the source."""
    found = {}
    for path in sources():
        said = extract("python", io.BytesIO(as_python(path)), KEYWORDS, options={"encoding": "utf-8"})
        for _line, words, _comments, context in said:
            singular, plural = words if isinstance(words, tuple) else (words, None)
            if not singular:
                continue
            known, files = found.setdefault((context, singular), [plural, []])
            found[context, singular][0] = known or plural
            name = str(path.relative_to(ROOT))
            if name not in files:
                files.append(name)
    return found


def is_format(text):
    """Tell whether `text` has a place for a value."""
    return bool(re.search(r"%(\(\w+\))?[sd]", text))


def entry(context, singular, plural, files, known):
    """Return one entry of the catalogue with the translation that is known."""
    made = polib.POEntry(msgid=singular, msgctxt=context, occurrences=[(name, "") for name in files])
    if is_format(singular + (plural or "")):
        made.flags.append("python-format")
    if plural:
        made.msgid_plural = plural
        old = known.msgstr_plural if known else {}
        made.msgstr_plural = {form: old.get(form, "") for form in range(FORMS)}
    else:
        made.msgstr = known.msgstr if known else ""
    return made


def merged(old):
    """Return the catalogue of the source as it is now, with the translations of `old`."""
    known = {(each.msgctxt, each.msgid): each for each in old if not each.obsolete}
    made = polib.POFile(wrapwidth=100)
    made.metadata = dict(HEADER)
    for (context, singular), (plural, files) in sentences().items():
        made.append(entry(context, singular, plural, files, known.get((context, singular))))
    return made


def is_untranslated(each):
    """Tell whether any form of an entry has no words yet."""
    return not all(each.msgstr_plural.values()) if each.msgid_plural else not each.msgstr


def read():
    """Return the catalogue as it lies on the disk."""
    return polib.pofile(str(PO), wrapwidth=100) if PO.exists() else polib.POFile()


def write(catalogue):
    """Write both files; untranslated entries stay out of the compiled one."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(PO))
    catalogue.save_as_mofile(str(MO))


def main():
    catalogue = merged(read())
    write(catalogue)
    waiting = [each for each in catalogue if is_untranslated(each)]
    for each in waiting:
        print(f"{each.occurrences[0][0]}: {each.msgid!r}")
    print(f"{len(catalogue)} sentences, {len(waiting)} without Polish words")
    return bool(waiting)


if __name__ == "__main__":
    sys.exit(main())

"""What a file would change in a draft: rows that are new, rows that differ, rows that stay, cells of no use.

A row of a spreadsheet is the row of the plan that has the same name (`tables.KEYS`); the second of one name
meets the second. A blank cell and a missing column leave what is stored. A row of a section's document is the
row whose code it bears, and there a blank cell is one that was emptied. Nothing is written here.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from jst.models import School
from plans.models import SectionState
from plans.outline import shown
from plans.section_forms import MAX_ROWS, SectionForm
from plans.sections import STRUCTURES, open_keys, section_of
from plans.transfer.cells import Unclear, cell_of, named, posted, same_words, value_of
from plans.transfer.tables import CODE, KEYS, SECTIONS, code_of, column_names, heading, sections_behind

SAMPLE = "przykład:"


@dataclass
class Unusable:
    """One cell, or a whole row, that cannot be used."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


@dataclass
class Incoming:
    """One row to write. `values`: field → what the form posts; `changes`: (label, before, after) in words."""

    row_set: str
    uid: str
    label: str
    is_new: bool
    values: dict
    changes: list = field(default_factory=list)


@dataclass
class SectionChanges:
    """What the file would do to one section, as it is at `revision`."""

    key: str
    title: str
    revision: int
    is_open: bool
    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    same: int = 0
    too_many: bool = False
    # Names of the rows that the document of the section does not hold; they stay.
    missing: list = field(default_factory=list)

    @property
    def incoming(self):
        return [*self.new, *self.changed]


@dataclass
class Comparison:
    sections: list
    unusable: list
    notes: list

    @property
    def changed_sections(self):
        return [section for section in self.sections if section.incoming]

    @property
    def obstacles(self):
        """Return the sentences that keep this from being written."""
        found = []
        for section in self.changed_sections:
            if not section.is_open:
                found.append(_("The section “%s” is closed: ORE did not ask to change it.") % section.title)
            elif section.too_many:
                found.append(
                    _("The section “%(title)s” would have more than %(count)s rows of one kind.")
                    % {"title": section.title, "count": MAX_ROWS}
                )
        return found


class Matching:
    """Compares the sheets of a file with a draft; `document` is the section whose document the file is.

    `earlier`: uid → field → cell when the document was downloaded; a cell that still says so was not touched.
    """

    def __init__(self, version, sheets, document="", earlier=None):
        self.version, self.document, self.earlier = version, document, earlier or {}
        self.sheets = defaultdict(list)
        for sheet in sheets:
            self.sheets[sheet.row_set.name].append(sheet)
        self.states = dict(SectionState.objects.filter(version=version).values_list("key", "revision"))
        self.open = open_keys(version)
        self.unusable, self.notes = [], []
        # Row set → folded name → uid: what later rows may point to, stored or coming.
        self.names = {}

    def compare(self):
        """Return the Comparison."""
        keys = sections_behind(self.document) if self.document else SECTIONS
        sections = [self.section(key) for key in keys]
        return Comparison([found for found in sections if found], self.unusable, self.notes)

    def section(self, key):
        structure = STRUCTURES[key]
        section = section_of(self.version.plan, key)
        wanted = [row_set for row_set in structure if self.sheets[row_set.name]]
        if section is None:
            self.notes += [_("This plan has no section for “%s”.") % row_set.title for row_set in wanted]
            return None
        form = SectionForm(self.version, section)
        found = SectionChanges(key, section.title, self.states.get(key, 0), key in self.open)
        for rows in form.row_sets:
            self.rows(rows, found)
        return found

    def rows(self, rows, found):
        """Match the sheets of one row set with its stored rows."""
        stored = [form for form in rows.forms if not form.is_new]
        pairs = [*name_pairs(rows, stored), *self.names.get(rows.row_set.name, ())]
        self.names[rows.row_set.name] = pairs
        reader = RowReader(self, rows, stored)
        for sheet in self.sheets[rows.row_set.name]:
            reader.recognise(sheet)
        for sheet in self.sheets[rows.row_set.name]:
            for number, cells in sheet.rows:
                reader.read(sheet, number, cells, found)
        if found.key == self.document:
            found.missing += [str(form.row) for form in stored if form not in reader.met]
        arrived = sum(one.row_set == rows.row_set.name for one in found.new)
        found.too_many = found.too_many or len(stored) + arrived > MAX_ROWS


def name_pairs(rows, stored):
    """Return (name, uid) of the stored rows; a school is known by its number too."""
    pairs = [(str(form.row), str(form.row.uid)) for form in stored]
    if rows.row_set.name == "school":
        chosen = [form for form in stored if form.row.school_id]
        pairs += [(form.row.school.rspo, str(form.row.uid)) for form in chosen]
        pairs += [(form.row.school.name, str(form.row.uid)) for form in chosen]
    return pairs


class RowReader:
    """Reads the rows of one row set, each into an Incoming or a reason why not."""

    def __init__(self, matching, rows, stored):
        self.matching, self.row_set = matching, rows.row_set
        self.columns = column_names(rows.row_set)
        self.fields = rows.pattern.fields
        self.names = {name: self.names_of(name) for name in rows.row_set.fields}
        self.stored, self.by_code = defaultdict(list), defaultdict(list)
        for form in stored:
            self.stored[self.key_of(form_values(form))].append(form)
            self.by_code[code_of(form.row.uid)].append(form)
        self.met, self.coded = [], set()

    def names_of(self, name):
        """Return folded words → value for a column that chooses, or None."""
        if target := self.row_set.refers_to.get(name):
            return named(self.matching.names.get(target, ()))
        choices = getattr(self.fields[name], "choices", None)
        if choices is None:
            return None
        pairs = [(label, str(value)) for value, label in choices if value]
        if self.row_set.model._meta.get_field(name).related_model is School:
            keys = {int(value) for value, _label in choices if value}
            for pk, rspo, title in School.objects.filter(pk__in=keys).values_list("pk", "rspo", "name"):
                pairs += [(rspo, str(pk)), (title, str(pk))]
        return named(pairs)

    def key_of(self, values):
        key = []
        for name in KEYS[self.row_set.name]:
            value = values.get(name, "")
            key.append(" ".join(value.casefold().split()) if isinstance(value, str) else tuple(value))
        return tuple(key)

    def recognise(self, sheet):
        """Take the rows whose codes stand in a document from those that are known by their names."""
        for code in {code_in(text) for text in (sheet.codes or {}).values()}:
            for form in self.by_code.get(code, ()):
                same = self.stored[self.key_of(form_values(form))]
                if form in same:
                    same.remove(form)

    def read(self, sheet, number, cells, found):
        if sheet.codes is not None:
            self.read_coded(sheet, number, cells, found)
            return
        first = next((cell for cell in cells.values() if cell), "")
        if not first or first.casefold().startswith(SAMPLE):
            return
        values, faults = self.values(sheet, number, cells)
        needed = KEYS[self.row_set.name][0]
        if not values.get(needed) and needed not in faults:
            sentence = _("it is empty, so the whole row is left out")
            faults[needed] = Unusable(sheet.name, number, heading(self.row_set, needed), "", sentence)
        self.matching.unusable += faults.values()
        if not set(KEYS[self.row_set.name]) & faults.keys():
            self.keep(values, self.named_alike(values), found)

    def named_alike(self, values):
        """Return the next stored row of the same name, or None."""
        same = self.stored[self.key_of(values)] if any(self.key_of(values)) else []
        return same.pop(0) if same else None

    def read_coded(self, sheet, number, cells, found):
        """Read one row of a document: the row of its code, or one without."""
        text = sheet.codes.get(number, "")
        code = code_in(text)
        forms = self.by_code.get(code, ())
        if "#" not in text:
            if any(cells.values()):
                self.read_uncoded(sheet, number, cells, found)
        elif len(forms) != 1:
            sentence = _(
                "the plan has no row with this code: empty this cell, and the row comes in as a new one"
            )
            self.refuse(sheet, number, text, sentence)
        elif code in self.coded:
            sentence = _("another row has this code: empty this cell, and the row comes in as a new one")
            self.refuse(sheet, number, text, sentence)
        else:
            self.coded.add(code)
            values, faults = self.values(sheet, number, cells, forms[0])
            self.matching.unusable += faults.values()
            self.keep(values, forms[0], found)

    def read_uncoded(self, sheet, number, cells, found):
        """Read a row without a code: one that lost it and is known by its name, or a new one."""
        values, faults = self.values(sheet, number, cells)
        self.matching.unusable += faults.values()
        if set(KEYS[self.row_set.name]) & faults.keys() or not values:
            return
        form = self.named_alike(values)
        if form is None and not self.row_set.can_add:
            self.refuse(sheet, number, "", _("a file is attached on the page of the section, not here"))
        else:
            self.keep(values, form, found)

    def refuse(self, sheet, number, text, sentence):
        """Leave a whole row out because of its first cell."""
        self.matching.unusable.append(Unusable(sheet.name, number, _("Code"), text[:300], sentence))

    def values(self, sheet, number, cells, form=None):
        """Return field → value of the cells that can be used, and field → Unusable of the others.

        Without the `form` of a known row blank cells say nothing; with it, those that say what the row says.
        """
        values, faults = {}, {}
        for column, text in cells.items():
            name = self.columns.get(column)
            if name is None or (self.is_untouched(form, name, text) if form else not text):
                continue
            try:
                values[name] = value_of(self.fields[name], text, self.names[name] or {})
            except Unclear as reason:
                label = sheet.columns.get(column, column)
                faults[name] = Unusable(sheet.name, number, label, text[:300], str(reason))
        return values, faults

    def is_untouched(self, form, name, text):
        """Whether the cell of a known row says what is stored, or what was stored when it was downloaded."""
        before = self.matching.earlier.get(form.row.uid, {}).get(name)
        return same_words(text, cell_of(form[name])) or before is not None and same_words(text, before)

    def label(self, name):
        return str(self.fields[name].label)

    def keep(self, values, form, found):
        """Put the row among the new, the changed or those that stay."""
        if form is None:
            uid = str(uuid.uuid4())
            words = [self.in_words(name, values) for name in KEYS[self.row_set.name]]
            label = ", ".join(word for word in words if word) or str(self.row_set.one)
            changes = [(self.label(name), "", self.in_words(name, values)) for name in values]
            found.new.append(Incoming(self.row_set.name, uid, label, True, values, changes))
            self.learn(label, values, uid)
            return
        self.met.append(form)
        differing = {
            name: value
            for name, value in values.items()
            if form.fields[name].has_changed(form.get_initial_for_field(form.fields[name], name), value)
        }
        if not differing:
            found.same += 1
            return
        changes = [
            (self.label(name), shown(form.row, name), self.in_words(name, differing)) for name in differing
        ]
        uid = str(form.row.uid)
        found.changed.append(Incoming(self.row_set.name, uid, str(form.row), False, differing, changes))
        if KEYS[self.row_set.name][0] in differing:
            self.learn(self.in_words(KEYS[self.row_set.name][0], differing), differing, uid)

    def learn(self, label, values, uid):
        """Let later rows call a row that is coming by its name; a school by its number too."""
        known = self.matching.names[self.row_set.name]
        known.append((label, uid))
        if self.row_set.name == "school":
            known += [
                (words, uid) for words, pk in self.names["school"].items() if pk == values.get("school")
            ]

    def in_words(self, name, values):
        value = values.get(name, "")
        labels = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        for known, uid in self.matching.names.get(self.row_set.refers_to.get(name), ()):
            labels.setdefault(uid, known)
        several = value if isinstance(value, list) else [value]
        return "\n".join(labels.get(one, one) for one in several if one)


def code_in(text):
    """Return the code in the first cell of a row, or nothing."""
    code = CODE.search(text)
    return code[0].lower() if code else ""


def form_values(form):
    """Return field → what the form of a stored row would post."""
    return {name: posted(form[name]) for name in form.row_set.fields}

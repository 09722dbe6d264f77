"""What the form itself asks for: sections, limits, columns that a row must have, answers to remarks."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.models import Remark
from plans.rules.case import Finding
from plans.sections import STRUCTURES
from portal.text import word_count

# (row set, column) → what to do, where plain words say it better than the name of the column.
ASKED = {
    ("debate", "held_on"): gettext_lazy("Give the date of the meeting."),
    ("debate", "conclusions"): gettext_lazy("Write the conclusions of the meeting."),
    ("strategic", "title"): gettext_lazy("Name the goal."),
    ("operational", "title"): gettext_lazy("Name the goal."),
    ("operational", "competences"): gettext_lazy("Choose the key competences that “%s” develops."),
    ("action", "responsible"): gettext_lazy("Say who is responsible for “%s”."),
    ("action", "starts"): gettext_lazy("Give the dates of “%s”."),
    ("action", "ends"): gettext_lazy("Give the dates of “%s”."),
    ("indicator", "base"): gettext_lazy("Give the value today and the target of “%s”."),
    ("indicator", "target"): gettext_lazy("Give the value today and the target of “%s”."),
    ("indicator", "source"): gettext_lazy("Say where the data for “%s” come from."),
    ("school", "starts"): gettext_lazy("Say when the support of “%s” starts."),
    ("school", "competences"): gettext_lazy("Choose the key competences for “%s”."),
}


def is_empty(section, case):
    if section.is_narrative:
        text = case.content.texts.get(section.key)
        return not (text and text.body.strip())
    return not any(case.content.of(row_set) for row_set in STRUCTURES[section.key])


def empty_sections(case, *, required):
    for section in case.sections:
        if section.is_required(case.plan.scope) == required and is_empty(section, case):
            sentence = (
                _("Write the section “%s”.") if section.is_narrative else _("Fill in the section “%s”.")
            )
            yield Finding(section.key, sentence % section.title)


def required_sections(case):
    return empty_sections(case, required=True)


def other_sections(case):
    return empty_sections(case, required=False)


def words(case):
    for section in case.sections:
        if section.is_narrative and section.word_limit and section.key in case.content.texts:
            count = word_count(case.content.texts[section.key].body)
            if count > section.word_limit:
                yield Finding(
                    section.key,
                    _("Shorten the section “%(title)s”: it has %(words)d words, the limit is %(limit)d.")
                    % {"title": section.title, "words": count, "limit": section.word_limit},
                )


def row_counts(case):
    """The limit of a section holds for each of its tables: three goals of each level, ten risks."""
    for section, row_set in case.row_sets():
        count = len(case.content.of(row_set))
        if section.row_limit and count > section.row_limit:
            yield Finding(
                section.key,
                _("Leave fewer rows in “%(title)s”: there are %(count)d, the limit is %(limit)d.")
                % {"title": row_set.title, "count": count, "limit": section.row_limit},
            )


def is_blank(row, name):
    """Whether one column of a row says nothing; sums and marks of zero say something."""
    field = row._meta.get_field(name)
    if field.many_to_many:
        return not getattr(row, name).all()
    value = getattr(row, field.attname)
    return value is None or not str(value).strip()


def columns(case):
    """Each column that the form requires in a plan of this scope, row by row; one sentence once."""
    for section, row_set in case.row_sets():
        names = case.settings.asked(section, row_set, case.plan)
        for row in case.content.of(row_set):
            told = set()
            for name in names:
                sentence = column_sentence(row_set, name, row)
                if is_blank(row, name) and sentence not in told:
                    told.add(sentence)
                    yield Finding(section.key, sentence, row, name)


def column_sentence(row_set, name, row):
    sentence = str(ASKED.get((row_set.name, name), ""))
    if not sentence:
        label = row_set.model._meta.get_field(name).verbose_name
        return _("Fill in “%(column)s” of “%(row)s”.") % {"column": label, "row": row}
    return sentence % row if "%s" in sentence else sentence


def answers(case):
    unanswered = Remark.objects.given().filter(plan=case.plan, status__in=Remark.UNANSWERED)
    for remark in unanswered.exclude(kind=Remark.Kind.SUGGESTION):
        if remark.version_id != case.version.pk:
            yield Finding(remark.section, _("Answer the remark: “%s”") % remark, remark, remark.field)

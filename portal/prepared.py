"""Questions asked on every page, whose SQL is written once a day and asked again with other values.

`visible_to` is one rule for all: its SQL is long, and Django takes longer to write it than the database to
answer it. What is kept is the statement only; every request asks the database anew.

    prepared("plans.newest", lambda user, plan: Plan.objects.visible_to(user).filter(pk=plan), user, pk)

`build` gets a stand-in for the person and for each value, and may look at nothing else that changes within
a day. It gives a queryset, sliced as far as it is read.
"""

import copy
from functools import partial

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.utils import timezone

from portal.planned import Planned

# No key of any row: where one stands among the parameters of a statement, the value goes. No text of a
# person holds a zero character either, with which a stand-in for a text begins.
FIRST_STAND_IN = 9_007_199_254_740_001
MOST_KEPT = 200
# No row has such a key, and no column of the database takes one.
LARGEST = 2**63

kept = {}
UNKNOWN = object()


def prepared(name, build, user, *values):
    """Return the rows of `build(user, *values)` as a list; `values` are whole numbers or texts."""

    def of_person(key, *values):
        person = copy.copy(user)
        person.pk = key
        return build(person, *values)

    plainly = partial(build, user, *values)
    return answered((name, what_decides(user)), of_person, [user.pk, *values], plainly, len(values))


def prepared_for_all(name, build, *values):
    """Return the rows of `build(*values)`, a question that is the same whoever asks it, as a list."""
    return answered((name,), build, values, partial(build, *values), len(values))


def answered(name, build, values, plainly, asked_for):
    """Ask the kept statement of `build`; where it has none, what `plainly()` gives.

    The last `asked_for` of the values decide whoever asks; a person may see all.
    """
    if any(isinstance(value, int) and value >= LARGEST for value in values):
        return []
    key = (*name, connections[DEFAULT_DB_ALIAS].vendor, timezone.localdate())
    # Another thread may drop what is kept at any moment: it is read once.
    statement = kept.get(key, UNKNOWN)
    if statement is UNKNOWN:
        stand_ins = [stand_in(number, value) for number, value in enumerate(values)]
        statement = prepare(name[0], build, stand_ins, needed=stand_ins[len(stand_ins) - asked_for :])
        keep(key, statement)
    return statement.asked(values) if statement else list(plainly())


def keep(key, statement):
    """Keep a statement, or that there is none; too many go, those of another day first."""
    if len(kept) >= MOST_KEPT:
        for other in [other for other in list(kept) if other[-1] != key[-1]]:
            kept.pop(other, None)
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = statement


def stand_in(number, value):
    """Return what stands for a value while the statement is written."""
    return f"\x00{number}" if isinstance(value, str) else FIRST_STAND_IN + number


def what_decides(user):
    """What of a person `visible_to` looks at, besides who it is."""
    if not user.is_authenticated:
        return None
    return user.is_active, user.is_staff, user.is_superuser, user.group_names


def prepare(name, build, stand_ins, needed):
    """Return the statement of `build`, or nothing where it cannot be asked with other values.

    Django leaves a condition out that no row, or every row, would meet: a small number is less than a
    stand-in whatever it is. Such a statement would answer another question.
    """
    queryset = build(*stand_ins)
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    if not set(needed) <= {param for param in params if type(param) in (int, str)}:
        return None
    return Statement(name, queryset, compiler, sql, tuple(params), stand_ins)


class Statement:
    """A queryset with its SQL; it may be asked any number of times, by several threads."""

    def __init__(self, name, queryset, compiler, sql, params, stand_ins):
        self.queryset, self.compiler, self.sql = queryset, compiler, sql
        self.params, self.stand_ins = params, stand_ins
        self.planned = Planned(name, sql, params, stand_ins)
        columns = [column for column, *_words in compiler.select[: compiler.col_count]]
        self.converters = compiler.get_converters(columns)

    def asked(self, values):
        """Return the rows for these values, which take the places of the stand-ins."""
        if execution := self.planned.execution_of(values):
            try:
                return self.rows(execution)
            except DatabaseError as error:
                if not self.planned.is_lost(error):
                    raise
        return self.rows((self.sql, self.params_of(values)))

    def rows(self, asked):
        queryset = self.queryset._chain()
        queryset.query.get_compiler = lambda *args, **kwargs: self.compiler_for(asked)
        return list(queryset)

    def params_of(self, values):
        place = dict(zip(self.stand_ins, values, strict=True))
        return tuple(place.get(param, param) if type(param) in (int, str) else param for param in self.params)

    def compiler_for(self, asked):
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *args, **kwargs: asked
        compiler.get_converters = lambda expressions: self.converters
        return compiler

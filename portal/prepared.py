"""Questions asked on every page, whose SQL is written once a day and asked again with other values.

`visible_to` is one rule for all: its SQL is long, and Django takes longer to write it than the database to
answer it. What is kept is the statement only; every request asks the database anew.

    prepared("plans.newest", lambda user, plan: Plan.objects.visible_to(user).filter(pk=plan), user, pk)

`build` gets a stand-in for the person and for each value, and may look at nothing else that changes within
a day. It gives a queryset, sliced as far as it is read.
"""

import copy

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

# No key of any row: where one stands among the parameters of a statement, the value goes.
FIRST_STAND_IN = 9_007_199_254_740_001
MOST_KEPT = 200
# No row has such a key, and no column of the database takes one.
LARGEST = 2**63

kept = {}


def prepared(name, build, user, *values):
    """Return the rows of `build(user, *values)` as a list; `values` are whole numbers."""
    if any(value >= LARGEST for value in values):
        return []
    key = (name, connections[DEFAULT_DB_ALIAS].vendor, timezone.localdate(), what_decides(user))
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = prepare(build, user, len(values))
    queryset = kept[key]
    if queryset is None:
        return list(build(user, *values))
    return queryset.asked([user.pk, *values])


def what_decides(user):
    """What of a person `visible_to` looks at, besides who it is."""
    if not user.is_authenticated:
        return None
    return user.is_active, user.is_staff, user.is_superuser, user.group_names


def prepare(build, user, count):
    """Return the statement of `build`, or nothing where the database need not be asked at all."""
    numbers = [FIRST_STAND_IN + number for number in range(count + 1)]
    person = copy.copy(user)
    person.pk = numbers[0]
    queryset = build(person, *numbers[1:])
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return Statement(queryset, compiler, sql, tuple(params), numbers)


class Statement:
    """A queryset with its SQL; it may be asked any number of times, by several threads."""

    def __init__(self, queryset, compiler, sql, params, numbers):
        self.queryset, self.compiler, self.sql = queryset, compiler, sql
        self.params, self.numbers = params, numbers

    def asked(self, values):
        """Return the rows for these values, which take the places of the stand-ins."""
        place = dict(zip(self.numbers, values, strict=True))
        params = tuple(place.get(param, param) if type(param) is int else param for param in self.params)
        queryset = self.queryset._chain()
        queryset.query.get_compiler = lambda *args, **kwargs: self.compiler_for(params)
        return list(queryset)

    def compiler_for(self, params):
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *args, **kwargs: (self.sql, params)
        return compiler

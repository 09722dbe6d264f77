"""Statements that PostgreSQL plans once for each connection (docs/decisions/0025).

Planning what `visible_to` says takes the server longer than answering it. A kept statement is prepared there
at its first use on a connection, and executed with other values from then on. SQLite plans fast, and has its
own memory of statements.
"""

from contextlib import contextmanager
from itertools import count
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections
from psycopg2 import ProgrammingError as PsycopgError
from psycopg2.extensions import AsIs

# A column has got another type under the statement; somebody told the server to forget its statements.
LOST = {"0A000", "26000"}

numbers = count(1)
# By connection to the server, which forgets its statements when it ends: their names, or that there is none.
known = WeakKeyDictionary()


class Planned:
    """One statement with places for values, as the server knows it."""

    def __init__(self, name, sql, params, stand_ins):
        self.name = f"{name[:50]} {next(numbers)}"
        self.sql = sql
        places = {stand_in: AsIs(f"${number}") for number, stand_in in enumerate(stand_ins, start=1)}
        self.params = [places.get(param, param) if type(param) in (int, str) else param for param in params]
        # What is meant by a text, a word or an identifier, the server sees at its place.
        types = ["unknown" if isinstance(value, str) else "bigint" for value in stand_ins]
        self.types = f" ({', '.join(types)})" if types else ""
        self.execution = f'EXECUTE "{self.name}"' + (f" ({', '.join(['%s'] * len(types))})" if types else "")

    def execution_of(self, values):
        """Return (SQL, parameters) that execute the statement here, or nothing where the server cannot.

        Behind a pooler that hands transactions to different connections of the server nothing is prepared;
        Django's DISABLE_SERVER_SIDE_CURSORS says that there is one.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql" or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return None
        connection.ensure_connection()
        there = known.setdefault(connection.connection, {})
        if self.name not in there:
            there[self.name] = self.prepared_on(connection)
        return (self.execution, tuple(values)) if there[self.name] else None

    def is_lost(self, error):
        """Whether the server has the statement no more, and it can be asked plainly instead.

        Within a transaction, which the error has ended, it cannot; the next one asks plainly at once.
        """
        if getattr(error.__cause__, "pgcode", None) not in LOST:
            return False
        connection = connections[DEFAULT_DB_ALIAS]
        known[connection.connection][self.name] = False
        return not connection.in_atomic_block

    def prepared_on(self, connection):
        """Prepare the statement; returns whether the server could."""
        with connection.connection.cursor() as cursor:
            body = cursor.mogrify(self.sql, self.params).decode()
            try:
                with connection.wrap_database_errors, undone_alone(connection, cursor):
                    cursor.execute(f'PREPARE "{self.name}"{self.types} AS {body}')
            except ProgrammingError:
                return False
        return True


@contextmanager
def undone_alone(connection, cursor):
    """Let what the server refuses not take the transaction around with it."""
    if not connection.in_atomic_block:
        yield
        return
    cursor.execute("SAVEPOINT planned")
    try:
        yield
    except PsycopgError:
        cursor.execute("ROLLBACK TO SAVEPOINT planned")
        raise
    cursor.execute("RELEASE SAVEPOINT planned")

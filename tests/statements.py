"""What SQL something takes."""

from webapp.db import database

# What the values in force are read with: sent once a minute, by whoever asks first then.
_OF_THE_MINUTE = 'FROM "parameter"'


def sent_by(act):
    """The statements that the database is sent meanwhile, in their order."""
    sent, execute = [], database.obj.execute_sql

    def note(statement, *given, **more):
        if _OF_THE_MINUTE not in statement:
            sent.append(statement)
        return execute(statement, *given, **more)

    database.obj.execute_sql = note
    try:
        act()
    finally:
        del database.obj.execute_sql
    return sent

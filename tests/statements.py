"""What SQL something takes."""

import logging

# What the values in force are read with: sent once a minute, by whoever asks first then.
_OF_THE_MINUTE = 'FROM "parameter"'


class Statements(logging.Handler):
    """Notes the SQL statements that peewee sends while it is open, in their order."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.sent = []

    @property
    def count(self):
        """How many there were."""
        return len(self.sent)

    def emit(self, record):
        """One statement."""
        statement, _ = record.msg
        if _OF_THE_MINUTE not in statement:
            self.sent.append(statement)

    def __enter__(self):
        self.log = logging.getLogger("peewee")
        self.before = self.log.level, self.log.propagate
        self.log.setLevel(logging.DEBUG)
        self.log.propagate = False
        self.log.addHandler(self)
        return self

    def __exit__(self, *_):
        self.log.removeHandler(self)
        level, self.log.propagate = self.before
        self.log.setLevel(level)


def sent_by(act):
    """The statements that something takes."""
    with Statements() as statements:
        act()
    return statements.sent

"""Queries whose SQL is made once.

Putting a statement together costs peewee several times what SQLite needs to run it. The few
statements of every request are therefore written as ``@prepared`` functions: their arguments stand
as parameters in a query that is compiled at its first use and only filled in afterwards.

>>> @prepared
... def company_numbered(npp):
...     return Company.select().where(Company.npp == npp)
>>> company_numbered.one("JJ010001")
"""

from inspect import signature

import peewee

from webapp.db import database


class _Slot:
    """A place among a statement's parameters."""

    def __init__(self, position, convert):
        self.position, self.convert = position, convert


class _Argument(peewee.Node):
    """An argument as it stands in the query; learns from its surroundings how to be stored."""

    def __init__(self, position, convert=None):
        self.position, self.convert = position, convert

    def __sql__(self, context):
        convert = self.convert or context.state.converter
        return context.value(_Slot(self.position, convert), False)


class Prepared:
    """A compiled query; ask it for one row, all rows, or only to be executed."""

    def __init__(self, build):
        self.__doc__, self.__name__ = build.__doc__, build.__name__
        self._build, self._compiled = build, {}
        self._arguments = [_Argument(place) for place in range(len(signature(build).parameters))]

    def one(self, *arguments):
        """The first row, or None."""
        for row in self.rows(*arguments):
            return row
        return None

    def rows(self, *arguments):
        """All rows, a list."""
        statement = self._statement()
        cursor = statement.run(arguments)
        return [statement.row(cursor, raw) for raw in cursor.fetchall()]

    def execute(self, *arguments):
        """Run a statement that returns no rows. Returns how many rows it changed."""
        return self._statement().run(arguments).rowcount

    def _statement(self):
        kind = type(database.obj)     # each database has its own SQL
        if kind not in self._compiled:
            self._compiled[kind] = _Statement(self._build(*self._arguments))
        return self._compiled[kind]


class _Statement:
    def __init__(self, query):
        if isinstance(query, peewee.Update):
            query._update = _all_typed(query._update)
        if isinstance(query, peewee.Insert):
            query._insert = _all_typed(query._insert)
        self.query, self._reader = query, None
        self.sql, self._template = database.get_sql_context().sql(query).query()

    def run(self, arguments):
        return database.execute_sql(self.sql, [
            _filled(part, arguments) if type(part) is _Slot else part
            for part in self._template])

    def row(self, cursor, raw):
        if self._reader is None:
            wrapper = self.query._get_cursor_wrapper(cursor)
            wrapper.initialize()
            self._reader = _RowReader(wrapper)
        return self._reader.read(raw)


class _RowReader:
    """Makes model instances of raw rows, as peewee's cursor wrapper would, without asking again for
    each row which column belongs where."""

    def __init__(self, wrapper):
        self.model = wrapper.model
        spec = getattr(wrapper, "_row_spec", None) or [
            (place, wrapper.model, name, convert) for place, (name, convert)
            in enumerate(zip(wrapper.columns, wrapper.converters, strict=True))]
        self._parts = {}
        for place, key, name, convert in spec:
            model = getattr(wrapper, "key_to_constructor", {}).get(key, (key,))[0]
            self._parts.setdefault(key, (model, []))[1].append((name, place, _needed(convert)))
        self._joins = [(source, name, joined, is_key) for source, name, joined, _, _, is_key
                       in getattr(wrapper, "src_to_dest", ())]

    def read(self, raw):
        made = {key: _instance(model, columns, raw)
                for key, (model, columns) in self._parts.items()}
        for source, name, joined, is_key in self._joins:
            owner, found = made[source], made[joined]
            if owner is not None:
                (owner.__rel__ if is_key else owner.__dict__)[name] = found
        return made[self.model]


def _instance(model, columns, raw):
    """One model instance, or None where an outer join found nothing."""
    instance = model.__new__(model)
    instance.__data__ = data = {}
    instance.__rel__, instance._dirty = {}, set()
    is_there = False
    for name, place, convert in columns:
        value = raw[place]
        if value is not None:
            is_there = True
            if convert:
                value = convert(value)
        data[name] = value
    return instance if is_there else None


# Both databases give text and whole numbers as Python has them.
_AS_THEY_COME = (peewee.CharField, peewee.TextField, peewee.IntegerField)


def _needed(convert):
    """A converter that does something, or None."""
    field = getattr(convert, "__self__", None)
    return None if isinstance(field, _AS_THEY_COME) else convert


def prepared(build):
    """Make a function that returns a query into a ``Prepared``; see the module."""
    return Prepared(build)


def add(row):
    """Insert one model instance, its defaults filled in already, and set its id."""
    meta = row._meta
    names = sorted(row.__data__)
    key = type(database.obj), meta.model, tuple(names)
    sql = _inserts.get(key)
    if sql is None:
        sql = _inserts[key] = (f'{_insert_sql(meta, names)} '
                               f'RETURNING "{meta.primary_key.column_name}"')
    values = [meta.fields[name].db_value(row.__data__[name]) for name in names]
    row._pk = database.execute_sql(sql, values).fetchone()[0]
    row._dirty.clear()
    return row


_inserts = {}


def add_all(model, rows):
    """Insert many rows at once.

    :param rows: dicts of field names and values, all with the same names.
    """
    _add_many(model, rows, "")


def add_missing(model, rows):
    """The same, leaving out those that a unique index has already."""
    _add_many(model, rows, " ON CONFLICT DO NOTHING")


def _add_many(model, rows, ending):
    if not rows:
        return
    meta = model._meta
    left_out = _defaults_but(meta, rows[0])
    rows = [row | {name: make() for name, make in left_out.items()} for row in rows]
    names = list(rows[0])
    converters = [(name, meta.fields[name].db_value) for name in names]
    with peewee.__exception_wrapper__:
        database.cursor().executemany(
            _insert_sql(meta, names) + ending,
            [[convert(row[name]) for name, convert in converters] for row in rows])


def _defaults_but(meta, given):
    """What makes the values of the fields that were not given, by name."""
    makers = {name: field.default if callable(field.default) else lambda value=field.default: value
              for name, field in meta.fields.items() if field.default is not None}
    return {name: make for name, make in makers.items() if name not in given}


def _insert_sql(meta, names):
    table, columns = meta.table_name, [meta.fields[name].column_name for name in names]
    listed = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join([database.param] * len(columns))
    return f'INSERT INTO "{table}" ({listed}) VALUES ({places})'  # noqa: S608 (our own names)


def _all_typed(values):
    return {field: _typed(field, value) for field, value in values.items()}


def _typed(field, value):
    if isinstance(value, _Argument):
        return _Argument(value.position, field.db_value)
    return value


def _filled(slot, arguments):
    value = arguments[slot.position]
    return slot.convert(value) if slot.convert else value

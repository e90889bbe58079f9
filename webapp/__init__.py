"""Purna: the counter for the end of a working relationship."""


def create_app(settings=None):
    """The application (a ``flask.Flask``).

    :param settings: as ``webapp.config.from_environment()`` makes them; read when omitted.
    :raises webapp.config.Misconfigured: with one clear line.
    """
    # Imported here: a bounded child process imports this package for one pure module and must not
    # carry the whole application.
    from webapp.application import assemble

    return assemble(settings)

"""`landbank worker`: does the jobs of an inventory, apart from the pages."""

from __future__ import annotations

from landbank.cli.common import console, open_from_environment, read_settings


def worker() -> None:
    """Do the jobs: checks that follow changes, nightly checks, reminders and mail.

    `landbank up` does them too, unless LANDBANK_RUN_JOBS is false. Several workers on one database share the jobs; a
    worker that is killed loses none. Ctrl-C lets the jobs under way end.

    Example: `LANDBANK_RUN_JOBS=false landbank up` in one place, `landbank worker` in another
    """
    import logging.config
    import sys

    from landbank.cli.logs import log_configuration
    from landbank.cli.up import stopping_once
    from landbank.jobs import open_workplace
    from landbank.jobs.worker import Worker, working_beside

    settings = read_settings()
    logging.config.dictConfig(log_configuration(settings.log_level, for_people=sys.stderr.isatty()))
    with (
        stopping_once(),
        open_from_environment(settings) as landbank,
        open_workplace(landbank) as place,
        working_beside(Worker(place)),
    ):
        console().print("landbank does its jobs.")
        wait_for_a_signal()


def wait_for_a_signal() -> None:
    """Come back once Ctrl-C or SIGTERM is given."""
    import threading

    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return

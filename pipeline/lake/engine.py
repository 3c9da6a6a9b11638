"""DuckDB, with the extension that reads SQLite files, from the packages of requirements.txt and from nowhere else."""
import importlib.util
import os
from contextlib import suppress
from pathlib import Path


def extension():
    package = importlib.util.find_spec("duckdb_extension_sqlite_scanner").submodule_search_locations[0]
    return next(Path(package).rglob("*.duckdb_extension"))


def connect(path=":memory:", scratch=None, folder=None, memory=None, threads=None):
    """A connection; `scratch` is a SQLite file that becomes `fresh`, `folder` is for what does not fit into `memory`."""
    import duckdb

    connection = quiet(duckdb.connect(path))
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute(f"SET threads = {threads or min(8, os.cpu_count() or 1)}")
    # It takes two tables of an attached SQLite file for one where a query asks both alike.
    connection.execute("SET disabled_optimizers = 'common_subplan'")
    if folder:
        connection.execute(f"SET temp_directory = {text(folder)}")
    if memory:
        connection.execute(f"SET memory_limit = {text(memory)}")
    if scratch:
        attach(connection, scratch)
    return connection


def read_without_locks():
    """Lets the extension's SQLite do without its lock, which it takes twice for each value: a third of the time that a scan takes.

    For all connections to come, where DuckDB reads with one thread each (`threads`): no two may use one connection. Without effect
    once SQLite has been used."""
    import ctypes

    multi_thread = 2  # SQLITE_CONFIG_MULTITHREAD
    with suppress(AttributeError):  # a build that keeps its SQLite to itself
        ctypes.CDLL(str(extension())).sqlite3_config(multi_thread)


def attach(connection, scratch):
    """Makes a SQLite file `fresh`, until `DETACH fresh`."""
    connection.execute(f"LOAD {text(extension())}")
    connection.execute(f"ATTACH {text(scratch)} AS fresh (TYPE sqlite, READ_ONLY)")


def another(connection):
    """Another connection to the same database; temporary tables are not shared."""
    return quiet(connection.cursor())


def out_of_memory():
    """The error of a query that needs more memory than it may take."""
    import duckdb

    return duckdb.OutOfMemoryException


def failure():
    """The error of whatever fails."""
    import duckdb

    return duckdb.Error


def quiet(connection):
    # A bar would be drawn on standard output, even into a pipe.
    connection.execute("SET enable_progress_bar = false")
    return connection


def text(value):
    """A text in SQL."""
    return "'" + str(value).replace("'", "''") + "'"

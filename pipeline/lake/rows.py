"""The rows of a view of the lake in DuckDB: those of changed hours from the warehouse, all others from the file."""
from engine import text
from views import VIEWS

# Measured, as speed.md says: small enough for a question about a coin to skip most of a month, large enough to read fast.
FORMAT = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"


def hour_list(hours):
    return "(" + ", ".join(map(str, sorted(hours))) + ")" if hours else "(NULL)"


def hours_table(connection, name, hours):
    """A table of hours, for conditions of any length."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} (hour BIGINT)")
    connection.execute(f"INSERT INTO {name} SELECT unnest(?::BIGINT[])", [sorted(hours)])


def files(paths):
    return "[" + ", ".join(text(path) for path in paths) + "]"


def kept_rows(path, condition):
    return f"SELECT * FROM read_parquet({text(path)}, hive_partitioning = false) WHERE {condition}"


def untold(view, fresh, gone):
    """Rows of events without those that `gone` has already: what hours told that the warehouse no longer has.

    Equal events are counted, since an exchange may have two of them."""
    key = ", ".join(view.event)
    same = " AND ".join(f"g.{name} IS NOT DISTINCT FROM f.{name}" for name in view.event)
    return f"""
        SELECT f.* EXCLUDE (occurrence) FROM (
            SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY hour) AS occurrence FROM ({fresh})
        ) AS f
        LEFT JOIN (SELECT {key}, count(*) AS told, min(hour) AS told_at FROM ({gone}) GROUP BY {key}) AS g
            ON {same} AND g.told_at < f.hour
        WHERE f.occurrence > coalesce(g.told, 0)"""


def merged(name, kept=None, gone=()):
    """The rows of a view, in their order. `fresh_hour` has the hours that come from the scratch database.

    kept: the file whose rows of `kept_hour` stay.
    gone: files that tell events of `gone_hour`, hours that the warehouse no longer has."""
    view = VIEWS[name]
    rows = f"SELECT * FROM ({view.rows}) WHERE hour IN (FROM fresh_hour)"
    if view.event and gone:
        told = f"""SELECT hour, {', '.join(view.event)} FROM read_parquet({files(gone)}, hive_partitioning = false,
            union_by_name = true) WHERE hour IN (FROM gone_hour)"""
        rows = untold(view, rows, told)
    if kept:
        rows = f"({rows}) UNION ALL BY NAME ({kept_rows(kept, 'hour IN (FROM kept_hour)')})"
    return f"SELECT * FROM ({rows}) ORDER BY {view.order}"


def copy(connection, query, path):
    """Writes a Parquet file. Returns how many rows it has."""
    return connection.execute(f"COPY ({query}) TO {text(path)} ({FORMAT})").fetchone()[0]

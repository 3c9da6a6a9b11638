"""The rows of a view of the lake in DuckDB: those of changed hours from the warehouse, all others from the file."""
import manifest as book
import packed
from engine import text
from views import INSTRUMENT, VIEWS

# Measured, as speed.md says: small enough for a question about a coin to skip most of a month, large enough to read fast.
FORMAT = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
PACKED = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880"


def hour_list(hours):
    return "(" + ", ".join(map(str, sorted(hours))) + ")" if hours else "(NULL)"


def hours_table(connection, name, hours):
    """A table of hours, for conditions of any length."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} (hour BIGINT)")
    connection.execute(f"INSERT INTO {name} SELECT unnest(?::BIGINT[])", [sorted(hours)])


def files(paths):
    return "[" + ", ".join(text(path) for path in paths) + "]"


def stored(name, paths):
    """The rows of files of a view, with its columns."""
    paths = list(paths)
    lies_packed = [path for path in paths if name == "tickers" and book.has_column(path, packed.MARK)]
    others = [path for path in paths if path not in lies_packed]
    parts = [packed.shown(parquet(lies_packed))] if lies_packed else []
    return " UNION ALL BY NAME ".join(parts + ([f"SELECT * FROM {parquet(others)}"] if others else []))


def parquet(paths):
    return f"read_parquet({files(paths)}, hive_partitioning = false, union_by_name = true)"


def kept_rows(name, path, condition):
    return f"SELECT * FROM ({stored(name, [path])}) WHERE {condition}"


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
        rows = f"({rows}) UNION ALL BY NAME ({kept_rows(name, kept, 'hour IN (FROM kept_hour)')})"
    return f"SELECT * FROM ({rows}) ORDER BY {view.order}"


def write(connection, name, path, kept=None, gone=()):
    """Writes the rows of a view (see `merged`) as a Parquet file. Returns how many there are."""
    query, form = merged(name, kept, gone), FORMAT
    if name == "tickers":
        stays = kept_rows(name, kept, "hour IN (FROM kept_hour)") if kept else None
        packed.prepare(connection, stays)
        query, form = packed.rows(stays), PACKED
    elif name == "instruments":
        query = listed_instruments(connection, kept)
    return connection.execute(f"COPY ({query}) TO {text(path)} ({form})").fetchone()[0]


def listed_instruments(connection, kept):
    """The rows of `instruments`, in their order: sorted by the numbers of an ENUM in place of texts, which are dear to sort."""
    texts = [column.split()[0] for column in f"hour_utc TEXT, exchange_id TEXT, exchange TEXT, {INSTRUMENT}".split(", ")
             if column.endswith(" TEXT")]
    stays = kept_rows("instruments", kept, "hour IN (FROM kept_hour)") if kept else None
    for name in texts:
        parts = [f"SELECT {name} FROM fresh.{'held_hour' if name == 'hour_utc' else 'instrument'}"]
        parts += [f"SELECT {name} FROM ({stays})"] if stays else []
        connection.execute(f"CREATE TEMP TYPE listed_{name} AS ENUM (SELECT DISTINCT {name} FROM ({' UNION ALL '.join(parts)}) "
                           f"WHERE {name} IS NOT NULL ORDER BY 1)")
    numbers = ", ".join(f"{name}::listed_{name} AS {name}" for name in texts)
    connection.execute(f"""CREATE TEMP TABLE instrument AS
        SELECT * REPLACE ({numbers.replace('hour_utc::listed_hour_utc AS hour_utc, ', '')}) FROM fresh.instrument""")
    connection.execute(
        "CREATE TEMP TABLE held_hour AS SELECT * REPLACE (hour_utc::listed_hour_utc AS hour_utc) FROM fresh.held_hour")
    fresh = VIEWS["instruments"].rows.replace("fresh.instrument ", "instrument ").replace("fresh.held_hour ", "held_hour ")
    both = f"SELECT * FROM ({fresh}) WHERE hour IN (FROM fresh_hour)"
    if stays:
        both = f"({both}) UNION ALL BY NAME (SELECT * REPLACE ({numbers}) FROM ({stays}))"
    shown = ", ".join(f"{name}::VARCHAR AS {name}" for name in texts)
    return f"SELECT * REPLACE ({shown}) FROM (SELECT * FROM ({both}) ORDER BY {VIEWS['instruments'].order})"

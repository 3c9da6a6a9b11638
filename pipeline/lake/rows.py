"""The rows of a view of the lake in DuckDB: those of changed hours from the warehouse, all others from the file."""
import manifest as book
import packed
from engine import text
from views import INSTRUMENT, PLACE, VIEWS, names

# Measured, as speed.md says: small enough for a question about a coin to skip most of a month, large enough to read fast.
FORMAT = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
PACKED = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880"


def hour_list(hours):
    return "(" + ", ".join(map(str, sorted(hours))) + ")" if hours else "(NULL)"


def hours_table(connection, name, hours):
    """A table of hours, for conditions of any length."""
    # As a text: to hand on a value for each hour takes a hundred times as long.
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT unnest({text(sorted(hours))}::BIGINT[]) AS hour")


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
        told = f"SELECT hour, {', '.join(view.event)} FROM {parquet(gone)} WHERE hour IN (FROM gone_hour)"
        rows = untold(view, rows, told)
    if kept:
        rows = f"({rows}) UNION ALL BY NAME ({kept_rows(name, kept, 'hour IN (FROM kept_hour)')})"
    return f"SELECT * FROM ({rows}) ORDER BY {view.order}"


def write(connection, name, path, kept=None, gone=()):
    """Writes the rows of a view (see `merged`) as a Parquet file. Returns how many there are."""
    return copy(connection, merged(name, kept, gone), path, FORMAT)


def write_exchange(connection, name, exchange, path, kept=None):
    """Writes the rows of tickers or instruments that are of one exchange, as all of `fresh` is, as a Parquet file."""
    stays = kept_rows(name, kept, f"exchange_id = {text(exchange)} AND hour IN (FROM kept_hour)") if kept else None
    if name == "instruments":
        copy(connection, listed_instruments(connection, stays), path, FORMAT)
        return
    packed.prepare(connection, stays)
    copy(connection, packed.rows(stays), path, PACKED)


def copy(connection, query, path, form):
    return connection.execute(f"COPY ({query}) TO {text(path)} ({form})").fetchone()[0]


def listed_instruments(connection, stays):
    """The rows of `instruments` of one exchange, in their order.

    What a list said stays the same for hours: it is put in order once, and then told for each hour. Texts are numbers of an ENUM,
    which sorts fast, and which DuckDB writes without looking at each, with all the texts that there are: right since each is in a
    row. What questions choose rows by is written as text: then a part of the file tells which texts are in it."""
    run = connection.execute
    run("""CREATE TEMP TABLE listed_hour AS
        SELECT x.hour, h.hour_utc FROM fresh.list_hour AS x JOIN fresh.held_hour AS h ON h.hour = x.hour
        WHERE EXISTS (
            SELECT 1 FROM fresh.instrument AS i
            WHERE i.valid_from <= x.hour AND coalesce(i.valid_to, 9223372036854775807) > x.hour)""")
    run("""CREATE TEMP TABLE spell AS
        SELECT * FROM (
            SELECT *, (SELECT count(*) FROM listed_hour WHERE hour < valid_from) AS before,
                (SELECT count(*) FROM listed_hour WHERE hour < coalesce(valid_to, 9223372036854775807)) AS until
            FROM fresh.instrument)
        WHERE before < until""")
    texts = [column.split()[0] for column in f"{PLACE}, {INSTRUMENT}".split(", ") if column.endswith(" TEXT")]
    for table, of_table in ("listed_hour", texts[:1]), ("spell", texts[1:]):
        packed.number(run, table, {name: f"listed_{name}" for name in of_table}, stays)
    said = ", ".join(name for name in names(f"{PLACE}, {INSTRUMENT}") if name not in ("hour", "hour_utc"))
    rows = f"""SELECT unnest(hours) AS hour, unnest(texts) AS hour_utc, {said} FROM (
        SELECT {said}, list_slice(hours, before + 1, until) AS hours, list_slice(texts, before + 1, until) AS texts
        FROM spell, (SELECT list(hour ORDER BY hour) AS hours, list(hour_utc ORDER BY hour) AS texts FROM listed_hour)
        ORDER BY symbol, valid_from)"""
    if stays:
        numbers = ", ".join(f"{name}::listed_{name} AS {name}" for name in texts)
        rows = f"SELECT * FROM (({rows}) UNION ALL BY NAME (SELECT * REPLACE ({numbers}) FROM ({stays}))) ORDER BY symbol, hour"
    return f"SELECT * REPLACE (symbol::VARCHAR AS symbol, asset::VARCHAR AS asset) FROM ({rows})"

"""Reads the warehouse for the lake: which hours there are and what their content is, and the rows of some hours."""
import hashlib
import os
import re
import sqlite3
from pathlib import Path

from views import OF_EXCHANGE, STAGED

HOUR = 3600
QUERY = Path(__file__).parent.parent / "sql/queries/lake.sql"


def query(name, path=QUERY):
    """The named query of a file of queries."""
    return re.search(rf"^-- name: {name}\n(.*?)(?=^-- name: |\Z)", path.read_text(), re.S | re.M)[1]


class Warehouse:
    """The warehouse, only read, as `w`, with a scratch database as `main` that rows are copied into."""

    def __init__(self, path, scratch=":memory:"):
        if not os.path.exists(path):
            raise FileNotFoundError(f"there is no warehouse '{path}': run 'make hourly' first")
        self.scratch = scratch
        self.connection = sqlite3.connect(f"file:{scratch}" if scratch != ":memory:" else scratch, uri=True, isolation_level=None,
                                          check_same_thread=False)
        for pragma in ("page_size = 32768", "journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("ATTACH ? AS w", (f"file:{os.path.abspath(path)}?mode=ro",))
        self.connection.execute("PRAGMA w.cache_size = -4096")

    def ask(self, sql, *values):
        return self.connection.execute(sql, values).fetchall()

    def begin(self):
        """From here on to `end`, all is read from one state of the warehouse."""
        self.connection.execute("BEGIN")
        self.ask("SELECT 1 FROM w.sqlite_schema LIMIT 1")

    def end(self):
        self.connection.execute("COMMIT")

    def version(self):
        """A number that changes when others have changed the warehouse."""
        return self.ask("PRAGMA w.data_version")[0][0]

    def span(self):
        """The first and the last hour that the warehouse knows; nothing when it is empty."""
        first, last = self.ask("SELECT min(hour), max(hour) FROM w.hour")[0]
        return (first, last) if first is not None else None

    def known_hours(self, first, last):
        return {hour for hour, in self.ask("SELECT hour FROM w.hour WHERE hour BETWEEN ? AND ?", first, last)}

    def sealed_hours(self, first, last):
        """The hash of the content of each sealed hour of a span, both ends included."""
        rows = self.ask(of_warehouse(query("hours")), first, last)
        return {hour: hashlib.sha256(content.encode()).hexdigest()[:32] for hour, content in rows}

    def model(self):
        """The model of sentiment whose scores the views show."""
        rows = self.ask("SELECT value FROM w.setting WHERE name = 'sentiment_model'")
        return rows[0][0] if rows else "v2"

    def exchanges(self):
        """The exchanges that have contracts, each with how many."""
        return dict(self.ask("""
            SELECT exchange_id, count(*) FROM (
                SELECT exchange_id FROM w.listing UNION ALL SELECT DISTINCT exchange_id FROM w.instrument
            ) GROUP BY exchange_id"""))

    def stage(self, tables, hours, staged=STAGED):
        """Copies the rows of some hours into tables of the scratch database."""
        for name in tables:
            columns, query = staged[name]
            self.connection.execute(f"CREATE TABLE IF NOT EXISTS main.{name} ({columns})")
            for first, last in (runs(hours) if "{hours" in query else bounds(hours)):
                self.connection.execute(f"INSERT INTO main.{name} {filled(query, first, last)}")

    def stage_exchange(self, exchange, tables, hours):
        """Copies the rows of some hours that are of one exchange."""
        self.connection.execute("CREATE TABLE main.of_exchange AS SELECT ? AS exchange_id", (exchange,))
        self.stage(["listing_run"], hours, OF_EXCHANGE)
        self.stage(tables, hours, OF_EXCHANGE)

    def close(self):
        self.connection.close()
        if self.scratch != ":memory:":
            Path(self.scratch).unlink(missing_ok=True)


def of_warehouse(sql):
    """A query whose tables are those of the attached warehouse."""
    return re.sub(r"\b(FROM|JOIN) ([a-z_]+)", r"\1 w.\2", sql)


def runs(hours):
    """The maximal spans of hours one after the other."""
    first = last = None
    for hour in sorted(hours):
        if last is not None and hour == last + HOUR:
            last = hour
            continue
        if first is not None:
            yield first, last
        first = last = hour
    if first is not None:
        yield first, last


def bounds(hours):
    return [(min(hours), max(hours))] if hours else []


def filled(sql, first, last):
    """A query with the span of hours in place of {hours:…}, {first} and {last}."""
    sql = re.sub(r"\{hours:([a-z.]*)\}", rf"\1hour BETWEEN {first} AND {last}", sql)
    return sql.replace("{first}", str(first)).replace("{last}", str(last))

"""Opens the lake and the newest hours of the warehouse as one: each hour once, under the names of the warehouse's views."""
import shutil
import tempfile
from pathlib import Path

import engine
import manifest as book
import rows
from views import VIEWS
from warehouse import HOUR, Warehouse
from write import REACH, after, differing

# Events that hours tell again which the warehouse no longer has.
TOLD_AGAIN = 45 * 24 * HOUR


class State:
    """Which hours come from where: decided by the hash of each hour's content."""

    def __init__(self, manifest, warehouse=None):
        self.held = book.all_hours(manifest)
        self.sealed, known = {}, set()
        span = warehouse.span() if warehouse else None
        if span:
            self.sealed = warehouse.sealed_hours(*span)
            known = warehouse.known_hours(*span)
        self.changed = differing(self.sealed, self.held)
        # An hour that waits to be sealed again is shown by nobody until then.
        self.hidden = (known - set(self.sealed)) & set(self.held)
        self.gone = {hour for hour in self.held if hour not in known}
        recent = {hour for hour in self.sealed if span and self.gone and hour <= span[0] + REACH} - self.changed
        self.touched = after(self.changed, set(self.sealed)) - recent

    def fresh(self, name):
        return self.touched if VIEWS[name].event else self.changed


def open_lake(lake, path=None):
    """A connection with a view of each name; without a warehouse, all there is comes from the lake."""
    manifest = book.read(lake)
    scratch = Path(tempfile.mkdtemp(prefix="lake-"))
    try:
        warehouse = Warehouse(path, str(scratch / "fresh.db")) if path and Path(path).exists() else None
        model = "v2"
        if warehouse:
            warehouse.begin()
            model = warehouse.model()
        state = State(manifest, warehouse)
        if state.changed:
            stage(warehouse, state)
        if warehouse:
            warehouse.end()
        connection = engine.connect(scratch=scratch / "fresh.db" if state.changed else None)
        if state.changed:
            read_fresh(connection, lake, manifest, state)
        for name in VIEWS:
            connection.execute(view(name, lake, manifest, state, model))
        connection.execute(
            "CREATE VIEW latest_tickers AS SELECT * FROM tickers WHERE hour = (SELECT max(hour) FROM tickers)")
        if warehouse:
            warehouse.close()
        return connection
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def stage(warehouse, state):
    done = set()
    for name, view_of in VIEWS.items():
        warehouse.stage([table for table in view_of.staged if table not in done], state.fresh(name))
        done.update(view_of.staged)


def read_fresh(connection, lake, manifest, state):
    """Tables with the rows of the hours that the lake does not hold, then lets go of the scratch database."""
    near = {hour for hour in state.gone if hour + TOLD_AGAIN >= min(state.changed)}
    rows.hours_table(connection, "gone_hour", near)
    for name in VIEWS:
        rows.hours_table(connection, "fresh_hour", state.fresh(name))
        told = sorted({str(book.file_of(lake, name, book.month_of(hour))) for hour in near})
        told = [file for file in told if Path(file).exists()]
        connection.execute(f"CREATE TABLE fresh_{name} AS {rows.merged(name, gone=told)}")
    connection.execute("DETACH fresh")


def view(name, lake, manifest, state, model):
    """The text of a view: the lake's rows, but for those of hours that are taken from the warehouse."""
    parts = []
    plain, partly = [], []
    for month, entry in sorted(manifest["months"].items()):
        path = book.file_of(lake, name, month)
        named = entry["views"].get(name)
        if named is None:
            continue
        if not path.exists():
            raise LookupError(f"{path} is not there: 'make lake' makes it again where the warehouse has its hours")
        # A run that was killed has left a newer file than the manifest knows.
        (plain if book.footer(path) == named["footer"] else partly).append((month, path))
    left_out = (state.fresh(name) | state.hidden) & set(state.held)
    # A file that gets later hours while this connection is open shows none of them: they come from the warehouse already.
    last = max(state.held, default=0)
    condition = f" WHERE hour <= {last}" + (f" AND hour NOT IN {rows.hour_list(left_out)}" if left_out else "")
    if plain:
        stored = rows.stored(name, (path for _, path in plain))
        parts.append(f"SELECT * FROM ({stored}){condition}")
    for month, path in partly:
        held = set(book.hours_of(manifest, month)) - left_out
        parts.append(rows.kept_rows(name, path, f"hour IN {rows.hour_list(held)}"))
    if state.changed:
        parts.append(f"SELECT * FROM fresh_{name}")
    if not parts:
        raise LookupError(f"there is nothing in the lake '{lake}': run 'make lake' first")
    query = " UNION ALL BY NAME ".join(f"({part})" for part in parts) if len(parts) > 1 else parts[0]
    if name != "market_hours":
        return f"CREATE VIEW {name} AS {query}"
    return (f"CREATE VIEW market_hours_of_models AS {query}; CREATE VIEW market_hours AS "
            f"SELECT * FROM market_hours_of_models WHERE model = {engine.text(model)}")

#!/usr/bin/env python3
"""`make test-lake`: the lake on simulated days, through the real programs: run.py --bin FOLDER [TEST ...].

Runs in the environment of `make setup-lake`; a program that the tests kill is killed at every place where a file gets its name.
"""
import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "pipeline/lake"
sys.path.insert(0, str(PROGRAMS))

import engine  # noqa: E402
import joined  # noqa: E402
import manifest as book  # noqa: E402
import opened  # noqa: E402
import packed  # noqa: E402
import rows  # noqa: E402
import warehouse as reading  # noqa: E402
import write  # noqa: E402
from views import VIEWS  # noqa: E402

HOUR = 3600
FIRST, LAST = "2025-06-27T00", "2025-07-02T11"  # 132 hours of two months
FIRST_HOUR, LAST_HOUR = write.parse_hour(FIRST), write.parse_hour(LAST)
EXCHANGES = "binance,okx,bybit,hyperliquid"
BIN = ROOT / ".build/release"
ARCHIVE = None


def run(program, *options, status=0, cwd=None):
    result = subprocess.run([BIN / program, *map(str, options)], capture_output=True, text=True, cwd=cwd)
    if result.returncode != status:
        raise AssertionError(f"{program} {options}: {result.returncode}: {result.stderr}")
    return result.stdout + result.stderr


def word(hour):
    return time.strftime("%Y-%m-%dT%H", time.gmtime(hour))


def archive():
    """Raw and staged files and a warehouse, made once."""
    global ARCHIVE
    if ARCHIVE is None:
        ARCHIVE = Path(tempfile.mkdtemp(prefix="lake-archive-"))
        run("exchange-simulator", "--archive", FIRST, LAST, "--output", ARCHIVE / "raw", "--exchanges", EXCHANGES)
        (ARCHIVE / "warehouse").mkdir()
        reprocess(ARCHIVE)
    return ARCHIVE


def paths(folder):
    return ["--raw", folder / "raw", "--staged", folder / "staged", "--warehouse", folder / "warehouse/market_history.db"]


def reprocess(folder, *options):
    run("reprocess", *paths(folder), *options)


def rows_of_sqlite(database, view, columns="*", condition=""):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return sorted(map(repr, connection.execute(f"SELECT {columns} FROM {view} {condition}")))
    finally:
        connection.close()


COMPARED = [name for name in VIEWS if name not in ("instruments", "model_scores", "liquidation_hours")]


class LakeTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lake-test-"))
        (self.folder / "warehouse").mkdir()
        self.database = self.folder / "warehouse/market_history.db"
        self.lake = self.folder / "warehouse/lake"
        os.symlink(archive() / "raw", self.folder / "raw")
        shutil.copytree(archive() / "staged", self.folder / "staged")
        source = sqlite3.connect(archive() / "warehouse/market_history.db")
        target = sqlite3.connect(self.database)
        source.backup(target)
        source.close()
        target.execute("PRAGMA journal_mode = WAL")
        target.close()

    def tearDown(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def update(self, lake=None):
        lake = lake or self.lake
        lake.mkdir(exist_ok=True)
        return write.update(str(self.database), lake)

    def change(self, *statements):
        connection = sqlite3.connect(self.database)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def asked(self, sql, lake=None):
        connection = opened.open_lake(lake or self.lake, str(self.database))
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def rows(self, view, columns="*"):
        return sorted(map(repr, self.asked(f"SELECT {columns} FROM {view}")))

    def hashes(self, lake=None):
        """What the manifest says of months, and what the files are."""
        lake = lake or self.lake
        manifest = book.read(lake)
        for month, entry in manifest["months"].items():
            for name, named in entry["views"].items():
                self.assertEqual(book.of_file(book.file_of(lake, name, month), named["rows"]), named)
        return manifest

    def rows_by_hour(self):
        return {name: self.asked(f"SELECT hour, count(*) FROM {name} GROUP BY hour ORDER BY hour") for name in VIEWS}

    def assert_equal_to_warehouse(self, note=""):
        for name in COMPARED:
            self.assertEqual(self.rows(name), rows_of_sqlite(self.database, name), f"{name} {note}")

    # MARK: - What is in it

    def test_every_value_is_that_of_the_view(self):
        self.change(
            f"UPDATE ticker SET last_price = 0.1, bid_price = NULL, ask_price = -0.0, volume_base_24h = 5e-324, "
            f"funding_interval_hours = NULL, trades_24h = 9007199254740993 WHERE hour = {FIRST_HOUR}",
            "UPDATE exchange_summary SET reason = '' WHERE hour % 7200 = 0",
            "UPDATE exchange_summary SET reason = 'a \"text\", with ''quotes''' WHERE hour % 10800 = 0")
        self.assertEqual(len(self.update()), 2)
        self.assert_equal_to_warehouse()
        for name in COMPARED:
            connection = opened.open_lake(self.lake, str(self.database))
            columns = [column[0] for column in connection.execute(f"SELECT * FROM {name}").description]
            connection.close()
            source = sqlite3.connect(self.database)
            self.assertEqual(columns, [column[0] for column in source.execute(f"SELECT * FROM {name}").description], name)
            source.close()
        self.assertTrue(self.rows("tickers") and self.rows("liquidations") and self.rows("funding_settlements"))

    def test_tickers_are_packed_and_files_that_are_not_are_read_too(self):
        self.update()
        path = book.file_of(self.lake, "tickers", "2025-06")
        packed_bytes = path.stat().st_size
        wanted = self.rows("tickers")
        connection = engine.connect()
        connection.execute(f"COPY ({rows.stored('tickers', [path])}) TO '{path}.plain' (FORMAT parquet)")
        self.assertLess(packed_bytes, os.path.getsize(f"{path}.plain"))
        places = connection.execute(
            f"SELECT exchange_id, symbol, hour FROM read_parquet('{path}', file_row_number = true) ORDER BY file_row_number").fetchall()
        self.assertEqual(places, sorted(places))
        os.rename(f"{path}.plain", path)
        manifest = book.read(self.lake)
        named = manifest["months"]["2025-06"]["views"]["tickers"]
        manifest["months"]["2025-06"]["views"]["tickers"] = book.of_file(path, named["rows"])
        book.write(self.lake, manifest)
        self.assertEqual(self.rows("tickers"), wanted)
        self.change(f"UPDATE exchange_hour SET staged_sha256 = 'x' WHERE hour = {FIRST_HOUR} AND exchange_id = 'bybit'")
        self.update()
        self.assertEqual(self.rows("tickers"), wanted)
        self.assertEqual(path.stat().st_size, packed_bytes)

    def test_instruments_are_what_the_lists_said(self):
        self.update()
        wanted = rows_of_sqlite(
            self.database, """exchange_hour AS x JOIN instrument AS i ON i.exchange_id = x.exchange_id
            AND i.valid_from <= x.hour AND (i.valid_to IS NULL OR i.valid_to > x.hour)""",
            "x.hour, i.exchange_id, i.symbol, i.status, i.contract_multiplier", "WHERE x.instruments > 0")
        self.assertEqual(self.rows("instruments", "hour, exchange_id, symbol, status, contract_multiplier"), wanted)

    def test_scores_and_liquidations_of_hours_are_those_of_the_tables(self):
        self.update()
        for view, table, columns in (
                ("model_scores", "model_score", "hour, model, factor, score, quality, weight"),
                ("liquidation_hours", "liquidation_summary", "hour, exchange_id, truth, long_usd, count, flags, heard_share")):
            self.assertEqual(self.rows(view, columns), rows_of_sqlite(self.database, table, columns))

    def test_market_hours_are_of_the_model_that_is_set(self):
        self.update()
        self.change("UPDATE setting SET value = 'seed-v1' WHERE name = 'sentiment_model'")
        self.assertEqual(self.rows("market_hours"), rows_of_sqlite(self.database, "market_hours"))
        self.assertEqual(self.asked("SELECT DISTINCT model FROM market_hours"), [("seed-v1",)])

    # MARK: - When it is written

    def test_nothing_is_written_twice(self):
        self.update()
        before = {path: path.stat().st_mtime_ns for path in self.lake.rglob("*") if path.is_file()}
        self.assertEqual(self.update(), [])
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.lake.rglob("*") if path.is_file()}, before)

    def test_only_the_month_of_a_changed_hour_is_written(self):
        self.update()
        before = self.hashes()
        self.change(f"UPDATE hour_hash SET summaries = summaries + 1 WHERE hour = {LAST_HOUR}",
                    f"UPDATE exchange_summary SET volume = 17.5 WHERE hour = {LAST_HOUR}")
        lines = self.update()
        self.assertEqual([line[:7] for line in lines], ["2025-07"])
        self.assertIn("1 of ", lines[0])
        now = self.hashes()
        self.assertEqual(now["months"]["2025-06"], before["months"]["2025-06"])
        for name in VIEWS:
            same = now["months"]["2025-07"]["views"][name] == before["months"]["2025-07"]["views"][name]
            self.assertEqual(same, name != "exchange_hours", name)
        self.assert_equal_to_warehouse()

    def test_equal_content_has_equal_hashes_however_it_came(self):
        self.update()
        grown = self.folder / "grown"
        shutil.rmtree(self.folder / "staged")
        for last in (FIRST_HOUR + 30 * HOUR, FIRST_HOUR + 31 * HOUR, FIRST_HOUR + 99 * HOUR, LAST_HOUR):
            self.database = self.folder / "part.db"
            self.database.unlink(missing_ok=True)
            run("reprocess", "--raw", self.folder / "raw", "--staged", self.folder / "staged", "--warehouse",
                self.database, "--from", FIRST, "--to", word(last))
            self.update(grown)
        self.assertEqual(self.hashes(grown), self.hashes())

    def test_a_span_leaves_other_months_alone(self):
        self.lake.mkdir()
        lines = write.update(str(self.database), self.lake, LAST_HOUR, LAST_HOUR)
        self.assertEqual([line[:7] for line in lines], ["2025-07"])
        self.assert_equal_to_warehouse("and the rest comes from the warehouse")

    def test_a_lost_file_is_made_again(self):
        self.update()
        before = self.hashes()
        book.file_of(self.lake, "tickers", "2025-06").unlink()
        self.assertIn("2025-06: 96 of 96 hours", self.update()[0])
        self.assertEqual(self.hashes(), before)
        book.file_of(self.lake, "tickers", "2025-06").unlink()
        self.change(f"DELETE FROM hour_hash WHERE hour = {FIRST_HOUR}",
                    f"UPDATE hour SET sealed = 0 WHERE hour = {FIRST_HOUR}")
        with self.assertRaises(LookupError):
            self.update()
        self.assertEqual(book.read(self.lake), before)

    # MARK: - Kills

    def killed(self, place):
        """Runs the program until just before or after the rename of this number."""
        script = f"""
import os, signal, sys
sys.path.insert(0, {str(PROGRAMS)!r})
import manifest, write
count = 0
rename = os.rename
def counted(*names):
    global count
    if count == {place} // 2 and {place} % 2 == 0: os.kill(os.getpid(), signal.SIGKILL)
    rename(*names)
    if count == {place} // 2: os.kill(os.getpid(), signal.SIGKILL)
    count += 1
os.rename = counted
sys.argv = ["write", {str(self.database)!r}]
write.main()
"""
        return subprocess.run([sys.executable, "-c", script], stdout=subprocess.DEVNULL).returncode == -signal.SIGKILL

    def reload(self, hour):
        """Makes an hour look changed to the lake."""
        self.change(f"UPDATE exchange_hour SET transform_version = transform_version + 1 WHERE hour = {hour}")

    def test_a_damaged_file_is_made_again_and_nothing_of_it_is_copied(self):
        self.update()
        path = book.file_of(self.lake, "tickers", "2025-06")
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 1
        path.write_bytes(content)
        self.assertIn(str(path), write.verify(self.lake)[0])
        self.reload(FIRST_HOUR)
        self.update()
        self.assertEqual(write.verify(self.lake), [])
        self.assert_equal_to_warehouse()

    def test_a_file_that_cannot_be_made_again_is_refused_and_not_passed_over(self):
        for gone, damage in enumerate((lambda path: path.unlink(), lambda path: os.truncate(path, 1000))):
            shutil.rmtree(self.lake, ignore_errors=True)
            self.update()
            path = book.file_of(self.lake, "tickers", "2025-06")
            kept = path.read_bytes()
            damage(path)
            self.change(f"DELETE FROM hour WHERE hour = {FIRST_HOUR + gone * HOUR}")
            with self.assertRaisesRegex(LookupError, "tickers.month=2025-06.* bring"):
                self.update()
            if not path.exists():
                with self.assertRaisesRegex(LookupError, "is not there"):
                    self.asked("SELECT count(*) FROM tickers")
            path.write_bytes(kept)
            self.assertEqual(self.update(), [])
            self.assertEqual(
                self.asked(f"SELECT count(*) > 0 FROM tickers WHERE hour = {FIRST_HOUR + gone * HOUR}"), [(True,)])

    def test_files_without_a_manifest_are_not_written_over(self):
        self.update()
        before = self.hashes()
        manifest = (self.lake / book.NAME).read_bytes()
        (self.lake / book.NAME).unlink()
        self.update()  # the warehouse has all of it, as after a first run that was killed
        self.assertEqual(self.hashes(), before)
        (self.lake / book.NAME).unlink()
        self.change(f"DELETE FROM hour WHERE hour = {FIRST_HOUR}")
        with self.assertRaisesRegex(LookupError, "bring the manifest back"):
            self.update()
        (self.lake / book.NAME).write_bytes(manifest)
        self.update()
        self.assertEqual(self.asked(f"SELECT count(*) > 0 FROM tickers WHERE hour = {FIRST_HOUR}"), [(True,)])

    def test_a_connection_that_stays_open_counts_no_hour_twice(self):
        self.change(f"UPDATE hour SET dirty = 1, sealed = 0 WHERE hour = {LAST_HOUR}")
        self.update()
        self.change(f"UPDATE hour SET dirty = 0, sealed = 1 WHERE hour = {LAST_HOUR}")
        connection = opened.open_lake(self.lake, str(self.database))
        count = "SELECT count(*), max(hour) FROM tickers"
        before = connection.execute(count).fetchall()
        self.assertEqual(before[0][1], LAST_HOUR)
        self.update()
        self.assertEqual(connection.execute(count).fetchall(), before)
        connection.close()

    def test_an_answer_is_added_to_a_file_that_is_there(self):
        self.update()
        path = self.folder / "answers.csv"
        path.write_text("mine\n")
        with open(path, "a") as file:
            subprocess.run([sys.executable, PROGRAMS / "ask.py", self.database, "--sql", "SELECT 1 AS a -- one", "--format", "csv"],
                           stdout=file, check=True)
        self.assertEqual(path.read_text(), "mine\na\n1\n")

    def test_a_run_killed_at_any_rename_leaves_what_can_be_asked_and_is_repeated(self):
        self.update()
        wanted = self.hashes()
        copy = self.folder / "begun"
        self.change(f"UPDATE ticker SET last_price = 99.5 WHERE hour = {LAST_HOUR}",
                    f"UPDATE exchange_hour SET staged_sha256 = 'other' WHERE hour = {LAST_HOUR} AND exchange_id = 'okx'",
                    f"UPDATE ticker SET last_price = 98.5 WHERE hour = {FIRST_HOUR}",
                    f"UPDATE exchange_hour SET staged_sha256 = 'other' WHERE hour = {FIRST_HOUR} AND exchange_id = 'okx'")
        shutil.copytree(self.lake, copy)
        self.update(copy)
        wanted = self.hashes(copy)
        place, begun = 0, self.folder / "before"
        self.lake.rename(begun)
        while True:
            shutil.copytree(begun, self.lake)
            if not self.killed(place):
                break
            for name in ("tickers", "liquidations", "market_hours"):
                self.assertEqual(self.rows(name), rows_of_sqlite(self.database, name), f"{name}, killed at {place}")
            subprocess.run([sys.executable, PROGRAMS / "write.py", self.database], check=True, stdout=subprocess.DEVNULL)
            self.assertEqual(self.hashes(), wanted, f"killed at {place}")
            self.assertEqual([path for path in self.lake.rglob("*part*") if path.name != "part.parquet"], [])
            shutil.rmtree(self.lake)
            place += 1
        self.assertEqual(place, 2 * 2 * (len(VIEWS) + 2))
        print(f"killed at {place} places", file=sys.stderr)

    def test_one_run_at_a_time(self):
        self.update()
        lock = write.locked(self.lake)
        result = subprocess.run([sys.executable, PROGRAMS / "write.py", self.database], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stderr), (75, f"lake: another run writes {self.lake}\n"))
        lock.close()

    # MARK: - Retention

    def retain(self, cut):
        """Removes the hours before `cut` as `make retain` does, one day being kept."""
        now = word(cut + 24 * HOUR) + ":00:00Z"
        return run("retain", *paths(self.folder), "--warehouse-days", 1, "--now", now, cwd=self.folder)

    def known(self):
        return [hour for hour, in sqlite3.connect(self.database).execute("SELECT hour FROM hour ORDER BY hour")]

    def test_months_stay_when_hours_go_and_one_is_made_again(self):
        self.update()
        before, tickers = self.rows_by_hour(), self.rows("tickers")
        events = {name: self.rows(name) for name in VIEWS if VIEWS[name].event}
        cut = write.parse_hour("2025-06-29T13")
        self.retain(cut)
        self.assertEqual(self.known()[0], cut)
        self.assertEqual(self.rows_by_hour(), before)
        for hour in (cut, cut + 5 * HOUR):
            reprocess(self.folder, "--hour", word(hour), "--now", word(LAST_HOUR + 48 * HOUR) + ":00:00Z")
            self.change(f"UPDATE exchange_hour SET transform_version = transform_version + 1 WHERE hour = {hour}")
            self.assertEqual(self.rows_by_hour(), before, "asked before the lake is written")
            # What sealing hands on to later hours may reach the next month.
            self.assertGreaterEqual(len(self.update()), 1)
            self.assertEqual(self.rows_by_hour(), before)
        self.assertEqual(self.rows("tickers"), tickers)
        for name in ("liquidations", "long_short_ratios"):
            self.assertEqual(self.rows(name), events[name], name)

    def test_no_hour_goes_that_the_lake_does_not_hold(self):
        self.update()
        behind = write.parse_hour("2025-06-28T02")
        self.change(f"UPDATE exchange_hour SET staged_sha256 = 'other' WHERE hour = {behind} AND exchange_id = 'okx'")
        said = self.retain(write.parse_hour("2025-06-29T13"))
        self.assertIn("kept from", said)
        self.assertIn("run 'make lake'", said)
        self.assertEqual(self.known()[0], behind)
        self.update()
        self.assertNotIn("kept from", self.retain(write.parse_hour("2025-06-29T13")))
        self.assertEqual(self.known()[0], write.parse_hour("2025-06-29T13"))
        self.assertEqual(self.asked("SELECT count(DISTINCT hour) FROM tickers"), [((LAST_HOUR - FIRST_HOUR) // HOUR + 1,)])

    def test_an_exchange_that_only_the_lake_knows_stays(self):
        self.update()
        cut = write.parse_hour("2025-06-29T13")
        count = f"SELECT count(*), (SELECT count(*) FROM instruments WHERE exchange_id = 'okx' AND hour < {cut}) FROM tickers " \
            f"WHERE exchange_id = 'okx' AND hour < {cut}"
        before = self.asked(count)
        self.assertGreater(min(before[0]), 0)
        of_okx = "IN (SELECT listing_id FROM listing WHERE exchange_id = 'okx')"
        self.change(f"DELETE FROM hour WHERE hour < {cut}", f"DELETE FROM ticker WHERE hour < {cut} OR listing_id {of_okx}",
                    "DELETE FROM listing WHERE exchange_id = 'okx'", "DELETE FROM instrument WHERE exchange_id = 'okx'")
        self.reload(cut)
        self.update()
        self.assertEqual(self.asked(count), before)
        self.assertEqual(self.asked(f"SELECT count(*) FROM tickers WHERE exchange_id = 'okx' AND hour = {cut}"), [(0,)])

    def test_what_needs_more_memory_than_it_should_is_written_all_the_same(self):
        self.update()
        before, memory, write.MEMORY = self.hashes(), write.MEMORY, "1MB"
        try:
            self.update(self.folder / "short")
        finally:
            write.MEMORY = memory
        self.assertEqual(self.hashes(self.folder / "short"), before)

    def test_a_month_is_read_from_one_state(self):
        begin, begun = reading.Warehouse.begin, []

        def begin_and_change(warehouse):
            begin(warehouse)
            begun.append(warehouse)
            if len(begun) == 2:  # between two connections
                self.change(f"UPDATE ticker SET last_price = 77.5 WHERE hour = {FIRST_HOUR}")
        reading.Warehouse.begin = begin_and_change
        try:
            (self.folder / "scratch").mkdir()
            shared, of_exchange = write.one_state(str(self.database), self.folder / "scratch")
        finally:
            reading.Warehouse.begin = begin
        seen = [one.ask(f"SELECT DISTINCT last_price FROM w.ticker WHERE hour = {FIRST_HOUR}")
                for one in (shared, *of_exchange.values())]
        self.assertEqual(seen, [[(77.5,)]] * (1 + len(EXCHANGES.split(","))))
        self.assertEqual(len(begun), 2 * len(seen))
        for one in (shared, *of_exchange.values()):
            one.close()

    def test_a_warehouse_that_is_written_to_all_the_time_is_not_waited_for_for_ever(self):
        begin, patience = reading.Warehouse.begin, write.PATIENCE

        def begin_and_change(warehouse):
            begin(warehouse)
            self.change(f"UPDATE ticker SET last_price = last_price + 1 WHERE hour = {FIRST_HOUR}")
        reading.Warehouse.begin, write.PATIENCE = begin_and_change, 0.2
        try:
            with self.assertRaisesRegex(TimeoutError, "is being written to all the time"):
                self.update()
        finally:
            reading.Warehouse.begin, write.PATIENCE = begin, patience
        self.assertEqual(list((self.lake / ".scratch").glob("*.db")), [])
        self.update()
        self.assert_equal_to_warehouse()

    def test_an_exchange_without_a_list_of_instruments_keeps_its_tickers(self):
        self.change("DELETE FROM instrument WHERE exchange_id = 'okx'")
        self.update()
        self.assert_equal_to_warehouse()
        self.assertEqual(self.asked("SELECT DISTINCT exchange_id FROM instruments ORDER BY 1"),
                         [("binance",), ("bybit",), ("hyperliquid",)])

    def test_an_error_in_one_part_begins_no_other(self):
        begun = []

        def failing(writing, connection, warehouse, exchange, names):
            begun.append(exchange)
            raise OSError("no space")
        right, write.Writing.write_exchange = write.Writing.write_exchange, failing
        try:
            with self.assertRaisesRegex(OSError, "no space"):
                self.update()
        finally:
            write.Writing.write_exchange = right
        self.assertLess(len(begun), len(EXCHANGES.split(",")))
        self.update()
        self.assert_equal_to_warehouse()

    # MARK: - Asking

    def test_each_hour_counts_once_whether_it_is_new_changed_or_old(self):
        self.update()
        for hour in (LAST_HOUR, FIRST_HOUR + 50 * HOUR):
            self.change(f"UPDATE ticker SET last_price = 7.25 WHERE hour = {hour}",
                        f"UPDATE exchange_hour SET staged_sha256 = 'x' WHERE hour = {hour} AND exchange_id = 'bybit'")
        manifest = book.read(self.lake)
        for hour in range(LAST_HOUR - 6 * HOUR, LAST_HOUR - HOUR, HOUR):
            del manifest["months"]["2025-07"]["hours"][str(hour)]
        for named in manifest["months"]["2025-07"]["views"].values():
            named["footer"] = "other"  # as after a kill: the files are newer than the manifest knows
        book.write(self.lake, manifest)
        self.assert_equal_to_warehouse()

    def test_an_hour_that_waits_to_be_sealed_is_not_shown(self):
        self.update()
        self.change(f"UPDATE hour SET sealed = 0, dirty = 1 WHERE hour = {LAST_HOUR}")
        self.assertEqual(self.rows("tickers"), rows_of_sqlite(self.database, "tickers"))
        self.assertEqual(self.asked("SELECT max(hour) FROM tickers"), [(LAST_HOUR - HOUR,)])

    def test_the_lake_alone_answers(self):
        self.update()
        wanted = self.rows("tickers")
        self.database.unlink()
        self.assertEqual(self.rows("tickers"), wanted)

    def test_the_latest_tickers(self):
        self.update()
        self.assertEqual(self.rows("latest_tickers"), rows_of_sqlite(self.database, "latest_tickers"))

    # MARK: - The programs

    def ask(self, *options, status=0):
        result = subprocess.run([sys.executable, PROGRAMS / "ask.py", self.database, *options], capture_output=True)
        self.assertEqual(result.returncode, status, result.stderr.decode())
        return result.stdout

    def test_ask_prints_tables_and_csv_and_json(self):
        self.update()
        sql = "SELECT min(hour) AS first, NULL AS nothing FROM tickers;"
        self.assertEqual(self.ask("--sql", sql).decode().split("\n")[2].strip(), str(FIRST_HOUR))
        self.assertEqual(self.ask("--sql", sql, "--format", "csv").decode(), f"first,nothing\n{FIRST_HOUR},\n")
        self.assertEqual(self.ask("--sql", sql, "--format", "json").decode(), f'{{"first":{FIRST_HOUR},"nothing":null}}\n')
        self.ask("--sql", "SELECT * FROM nowhere", status=64)

    def test_parquet_of_any_view(self):
        self.update()
        for view, options in (("tickers", ("--from", "2025-06-30T22", "--to", "2025-07-01T03")),
                              ("funding_spreads", ("--hour", "2025-07-01T03")), ("hour", ())):
            path = self.folder / "rows.parquet"
            path.write_bytes(self.ask("--export", view, *options))
            found = sorted(map(repr, engine.connect().execute(f"FROM '{path}'").fetchall()))
            first, last = ("2025-06-30T22", "2025-07-01T03") if view == "tickers" else ("2025-07-01T03",) * 2
            condition = f"WHERE hour BETWEEN {write.parse_hour(first)} AND {write.parse_hour(last)}" if options else ""
            self.assertTrue(found)
            self.assertEqual(found, rows_of_sqlite(self.database, view, "*", condition), view)
        self.ask("--export", "nowhere", status=64)


class PureTest(unittest.TestCase):
    def test_months(self):
        self.assertEqual(book.span_of("2025-10"), (1759276800, 1761951600))
        self.assertEqual(book.months_of(1759276800 - HOUR, 1761951600 + HOUR), ["2025-09", "2025-10", "2025-11"])

    def test_runs_of_hours(self):
        self.assertEqual(list(reading.runs({0, HOUR, 3 * HOUR})), [(0, HOUR), (3 * HOUR, 3 * HOUR)])
        self.assertEqual(list(reading.runs(set())), [])

    def test_the_reach_of_a_changed_hour(self):
        self.assertEqual(write.after({HOUR}, {0, HOUR, 2 * HOUR, 9 * HOUR}, reach=2 * HOUR), {HOUR, 2 * HOUR})
        self.assertEqual(write.after(set(), {0}), set())

    def test_decimals_of_numbers(self):
        for number, decimals in (("NULL", None), ("5", 0), ("-270.833", 3), ("1e-10", 10), ("0.1e0 + 0.2e0", 99), ("1e-11", 99),
                                 ("59000.10", 1), ("1e300", 0), ("-0.0", 0)):
            sql = f"SELECT {packed.decimals('x')} FROM (SELECT ({number})::DOUBLE AS x)"
            self.assertEqual(engine.connect().execute(sql).fetchone(), (decimals,), number)

    def test_joined_files_hold_the_rows_of_each_in_their_order(self):
        with tempfile.TemporaryDirectory() as folder:
            connection, paths = engine.connect(), []
            for number, (count, form) in enumerate(((5000, rows.FORMAT), (0, rows.FORMAT), (7, rows.FORMAT), (3000, rows.PACKED))):
                paths.append(f"{folder}/{number}.parquet")
                rows.copy(connection, f"""SELECT {number} AS file, range AS row, 'text ' || range % 50 AS text,
                    CASE WHEN range % 3 = 0 THEN NULL ELSE range / 7 END AS value FROM range({count})""", paths[-1],
                    form.replace("122880", "2048"))
                with open(paths[-1], "rb") as file:
                    end, place = joined.end_of(file)
                    file.seek(place)
                    self.assertEqual(joined.structure(end), file.read()[:-8])
            whole = f"{folder}/whole.parquet"
            self.assertEqual(joined.join(paths, whole), 8007)
            read = "SELECT file, row, text, value FROM read_parquet('{0}', file_row_number = true) ORDER BY file_row_number"
            self.assertEqual(connection.execute(read.format(whole)).fetchall(),
                             [row for path in paths for row in connection.execute(read.format(path)).fetchall()])
            groups = "SELECT num_values, stats_min_value, stats_max_value, bloom_filter_length FROM parquet_metadata('{0}')"
            self.assertEqual(connection.execute(groups.format(whole)).fetchall(),
                             [row for path in paths for row in connection.execute(groups.format(path)).fetchall()])
            self.assertEqual(connection.execute(f"SELECT count(*) FROM '{whole}' WHERE text = 'text 49'").fetchone(), (160,))
            rows.copy(connection, "SELECT 1 AS file", f"{folder}/other.parquet", rows.FORMAT)
            with self.assertRaisesRegex(ValueError, "other columns"):
                joined.join([paths[0], f"{folder}/other.parquet"], f"{folder}/wrong.parquet")
            Path(f"{folder}/cut.parquet").write_bytes(Path(paths[0]).read_bytes()[:-5])
            with self.assertRaisesRegex(ValueError, "no whole Parquet file"):
                joined.join([f"{folder}/cut.parquet"], f"{folder}/wrong.parquet")
            joined.join([whole], f"{folder}/again.parquet")
            self.assertEqual(Path(f"{folder}/again.parquet").read_bytes(), Path(whole).read_bytes())

    def test_tables_of_sqlite_are_not_taken_for_one_another(self):
        with tempfile.TemporaryDirectory() as folder:
            source = sqlite3.connect(f"{folder}/tables.db")
            source.executescript("CREATE TABLE a (x INTEGER); CREATE TABLE b (x INTEGER); INSERT INTO a VALUES (1), (1);"
                                 "INSERT INTO b VALUES (1);")
            source.close()
            counts = [f"(SELECT x, count(*) FROM fresh.{table} GROUP BY x)" for table in "ab"]
            self.assertEqual(engine.connect(scratch=f"{folder}/tables.db").execute(" UNION ALL ".join(counts)).fetchall(),
                             [(1, 2), (1, 1)])

    def test_hours_in_a_query(self):
        self.assertEqual(reading.filled("x WHERE {hours:a.} AND {first} < {last}", 1, 2),
                         "x WHERE a.hour BETWEEN 1 AND 2 AND 1 < 2")


def main():
    global BIN
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=Path)
    options, rest = parser.parse_known_args()
    BIN = (options.bin or BIN).resolve()
    try:
        unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
    finally:
        if ARCHIVE:
            shutil.rmtree(ARCHIVE, ignore_errors=True)


if __name__ == "__main__":
    main()

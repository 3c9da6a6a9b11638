"""The raw files of the bench of history, and its limit."""
import glob
import gzip
import json
import os
import sqlite3
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import backfill
from folders import FolderTest


class BackfillTests(FolderTest):
    def lines(self):
        for path in sorted(glob.glob(f"{self.folder}/raw/*.ndjson.gz")):
            with gzip.open(path, "rt") as file:
                yield [json.loads(line) for line in file]

    def test_each_contract_has_each_hour_once_newest_first_in_pages_of_a_thousand(self):
        backfill.write_raw(f"{self.folder}/raw", 1500, 2)
        (lines,) = self.lines()
        for symbol in ("C000USDT", "C001USDT"):
            pages = [line["body"]["result"]["list"] for line in lines if line.get("endpoint") == "history_candles" and line["symbol"] == symbol]
            self.assertEqual([len(page) for page in pages], [1000, 500])
            starts = [int(row[0]) for page in pages for row in page]
            self.assertEqual(starts, [backfill.END - hour * backfill.HOUR for hour in range(1, 1501)])

    def test_a_file_ends_after_25_contracts_and_each_begins_with_the_list(self):
        backfill.write_raw(f"{self.folder}/raw", 1, 27)
        files = list(self.lines())
        self.assertEqual([sum(line.get("event") == "answered" for line in lines) for lines in files], [25, 2])
        self.assertEqual([lines[0]["endpoint"] for lines in files], ["instruments", "instruments"])

    def test_a_line_has_the_length_of_its_body(self):
        line = json.loads(backfill.line("instruments", "https://x", {"a": [1, 2]}))
        self.assertEqual((line["body"], line["body_bytes"], "symbol" in line), ({"a": [1, 2]}, len('{"a":[1,2]}'), False))

    def test_the_limit_has_the_rows_and_the_pages_of_the_warehouse(self):
        path = f"{self.folder}/limit.db"
        limit = backfill.Limit(path, 3, 5)
        database = sqlite3.connect(path)
        self.addCleanup(database.close)
        self.assertEqual(database.execute("SELECT count(*), max(hour) FROM candle").fetchone(), (15, 4))
        self.assertEqual([database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "journal_mode")], [8192, "wal"])
        self.assertGreater(limit.seconds, 0)

    def test_runs_one_after_the_other_add_up(self):
        together = backfill.Together(backfill.Limit(f"{self.folder}/a.db", 1, 1), backfill.Limit(f"{self.folder}/b.db", 1, 1))
        self.assertGreater(together.seconds, 0)


if __name__ == "__main__":
    unittest.main()

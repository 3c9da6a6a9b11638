"""The bench of the lake: its questions on a table worked by hand, equality of answers, ratios, and days by UTC."""
import contextlib
import io
import os
import sqlite3
import sys
import time
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import frame
import lake

DAY = 86400


class QuestionTests(unittest.TestCase):
    def setUp(self):
        self.database = sqlite3.connect(":memory:")
        self.addCleanup(self.database.close)
        self.database.execute(
            "CREATE TABLE tickers (hour INTEGER, exchange_id TEXT, asset TEXT, contract TEXT, core INTEGER, funding_rate_8h REAL,"
            " open_interest_usd REAL, volume_usd_24h REAL, mark_price REAL, index_price REAL)")

    def add(self, hour, asset="BTC", exchange="okx", contract="perpetual", core=1, funding=None, interest=None, volume=None,
            mark=None, index=None):
        self.database.execute("INSERT INTO tickers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                              (hour, exchange, asset, contract, core, funding, interest, volume, mark, index))

    def ask(self, question, first=0, last=0):
        return sorted(self.database.execute(lake.QUESTIONS[question].format(first=first, last=last)).fetchall())

    def test_mean_funding_is_of_perpetuals_and_leaves_out_what_is_unknown(self):
        self.add(0, funding=0.25)
        self.add(3600, funding=0.75)
        self.add(3600, funding=None)
        self.add(3600, funding=9.0, contract="future")
        self.assertEqual(self.ask("mean funding by coin"), [("BTC", 0.5)])

    def test_weighted_funding(self):
        self.add(0, funding=0.5, interest=100)
        self.add(0, "ETH", funding=0.25, interest=300)
        self.add(0, funding=None, interest=1000)
        # (0.5 x 100 + 0.25 x 300) / 400
        self.assertEqual(self.ask("weighted funding by hour"), [(0, 0.3125)])

    def test_shares_of_a_day(self):
        self.add(DAY, exchange="okx", volume=30)
        self.add(DAY + 23 * 3600, exchange="okx", volume=30)
        self.add(DAY + 3600, exchange="gate", volume=20)
        self.add(DAY + 3600, exchange="gate", volume=999, core=0)
        self.add(2 * DAY, exchange="gate", volume=5)
        self.assertEqual(self.ask("shares by day"), [(DAY, "gate", 0.25), (DAY, "okx", 0.75), (2 * DAY, "gate", 1.0)])

    def test_growth_is_of_the_last_day_over_the_first(self):
        for hour, interest in ((0, 10), (DAY - 3600, 10), (DAY, 500), (2 * DAY, 500), (2 * DAY + 3600, 15), (3 * DAY, 15)):
            self.add(hour, interest=interest)
        self.assertEqual(self.ask("growth of open interest by coin", first=0, last=3 * DAY), [("BTC", 1.5)])

    def test_basis_points(self):
        self.add(0, mark=101.0, index=100.0)
        self.add(3600, mark=99.5, index=100.0)
        self.add(3600, mark=50.0, index=0)
        # (100 - 50) / 2
        (asset, bps), = self.ask("basis by coin")
        self.assertEqual((asset, round(bps, 9)), ("BTC", 25))


class AnswerTests(unittest.TestCase):
    def test_the_order_of_rows_is_none(self):
        self.assertTrue(lake.same([("okx", 1.5), ("gate", None)], [("gate", None), ("okx", 1.5)]))

    def test_numbers_are_equal_to_a_relative_billionth(self):
        self.assertTrue(lake.same([("okx", 1000.0)], [("okx", 1000.0000009)]))
        self.assertFalse(lake.same([("okx", 1000.0)], [("okx", 1000.0000011)]))

    def test_what_is_no_number_must_be_the_same(self):
        for left, right in (([("okx", 1)], [("okx", 2)]), ([("okx", 1.0)], [("okx", None)]), ([("a", 1.0)], [("b", 1.0)]),
                            ([("a", 1.0)], []), ([], [("a", 1.0)]), ([("a", 1.0)], [("a", 1.0)] * 2)):
            self.assertFalse(lake.same(left, right), (left, right))

    def test_the_first_turn_is_not_counted(self):
        asked = []
        with mock.patch.object(lake, "asked", lambda who, sql: (asked.append((who, sql)), ((len(asked), 0), [who]))[1]):
            taken, answers = lake.turns({"SQLite": "s", "lake": "l"}, "SELECT", 2)
        self.assertEqual(taken, {"SQLite": [(3, 0), (5, 0)], "lake": [(4, 0), (6, 0)]})
        self.assertEqual(answers, {"SQLite": ["s"], "lake": ["l"]})


class SpanTests(unittest.TestCase):
    def test_days_are_of_utc_wherever_the_machine_is(self):
        self.addCleanup(time.tzset)
        for zone in ("UTC", "America/New_York", "Asia/Tokyo"):
            with mock.patch.dict(os.environ, {"TZ": zone}):
                time.tzset()
                self.assertEqual(lake.span_of(30), ("2025-06-01T00", "2025-06-30T23"), zone)
        self.assertEqual(lake.span_of(1), ("2025-06-01T00", "2025-06-01T23"))


FIGURES = {
    "write": {"seconds": 20.04, "cpu": 31.26, "megabytes": 699.7}, "hours": 48, "tickers": 1000, "lake_bytes": 60_000,
    "ticker_bytes": 44_500, "unchanged_ms": 12.34,
    "questions": [
        {"question": "a", "turns": {"SQLite": [[90, 80], [110, 80]], "lake": [[10, 20], [10, 20]], "DuckDB": [[8, 16], [8, 16]]}},
        {"question": "b", "turns": {"SQLite": [[400, 90], [400, 90]], "lake": [[10, 10], [10, 10]], "DuckDB": [[20, 5], [20, 5]]}},
        {"question": "c", "turns": {"lake": [[30, 10], [30, 10]], "DuckDB": [[10, 10], [10, 10]]}}]}


class RatioTests(unittest.TestCase):
    def test_each_pair_has_the_questions_that_both_can_answer(self):
        rows = lake.ratios(FIGURES["questions"])
        self.assertEqual([(row["kind"], row["name"], row["wall"]["ratio"], row["CPU"]["ratio"]) for row in rows], [
            ("SQLite / lake", "a", 10, 4), ("SQLite / lake", "b", 40, 9),
            ("lake / DuckDB", "a", 1.25, 1.25), ("lake / DuckDB", "b", 0.5, 2), ("lake / DuckDB", "c", 3, 1)])
        self.assertEqual((rows[0]["wall"]["lowest"], rows[0]["wall"]["highest"]), (9, 11))

    def test_the_geometric_mean(self):
        rows = lake.ratios(FIGURES["questions"])[:2]
        # Roots of 10 x 40 and of 4 x 9.
        self.assertAlmostEqual(lake.mean_of(rows, "wall"), 20)
        self.assertAlmostEqual(lake.mean_of(rows, "CPU"), 6)
        self.assertIsNone(lake.mean_of([], "wall"))

    def test_what_the_history_keeps(self):
        kept = lake.flat(FIGURES)
        self.assertEqual(len(kept), 2 * 5 + 5)
        self.assertEqual((kept["a, SQLite / lake, CPU"], kept["c, lake / DuckDB, wall"], kept["bytes a ticker"], kept["written, s"],
                          kept["written, CPU s"], kept["written, peak MB"]), (4, 3, 44.5, 20.0, 31.3, 700))

    def test_the_report(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            lake.report(FIGURES)
        lines = [" ".join(line.split()) for line in output.getvalue().splitlines()]
        for line in ("48 hours of the full market, 1000 tickers", "size 0 MB; 44.5 bytes a ticker",
                     "a 10.00 (9.00 to 11.00) 4.00 (4.00 to 4.00)", "geometric mean 20.00 6.00",
                     "a 100.0 80.0 10.0 20.0 8.0 16.0", "c - - 30.0 10.0 10.0 10.0"):
            self.assertIn(line, lines)


if __name__ == "__main__":
    unittest.main()

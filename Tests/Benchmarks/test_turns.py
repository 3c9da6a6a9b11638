"""Whose turn it is in the benches of an hour, of programs and of explanations, and what they keep."""
import contextlib
import io
import os
import sqlite3
import sys
import tempfile
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import explain
import frame
import hour
import start


class HourTests(unittest.TestCase):
    def test_the_same_hours_go_into_both_and_each_goes_first_in_every_other_turn(self):
        loads = []

        def load(hour, raw, database):
            os.makedirs(os.path.dirname(database), exist_ok=True)
            loads.append((hour, "long" if database == long else "short"))
            return loads[-1]
        with tempfile.TemporaryDirectory() as top, mock.patch.object(hour, "load", load):
            long = f"{top}/long/m.db"
            new, old = hour.turns(["h0", "h1", "h2"], top, long)
            self.assertEqual(os.listdir(top), ["long"], "what is behind nothing is removed")
        self.assertEqual(new, [("h1", "short"), ("h2", "short")])
        self.assertEqual(old, [("h1", "long"), ("h2", "long")])
        # Both begin with an hour that is not counted.
        self.assertEqual(loads, [("h0", "long"), ("h0", "short"), ("h1", "long"), ("h1", "short"),
                                 ("h1", "short"), ("h2", "short"), ("h2", "long")])


class ExplainTests(unittest.TestCase):
    def test_the_slowest_and_the_middle_by_both_clocks(self):
        runs = {"a": [frame.Turn((0.5, 0.010)), frame.Turn((0.1, 0.020))], "b": [frame.Turn((0.2, 0.040))], "c": [frame.Turn((0.4, 0.001))]}
        # Medians by the wall 300, 200, 400; by the processors 15, 40, 1.
        self.assertEqual(explain.figures(runs), {"slowest, ms": 400, "median, ms": 300, "slowest, CPU ms": 40, "median, CPU ms": 15})

    def test_a_spread_is_asked_of_the_latest_hour_that_has_one(self):
        with tempfile.TemporaryDirectory() as top:
            database = sqlite3.connect(f"{top}/m.db")
            database.execute("CREATE TABLE all_funding_spreads (hour INTEGER, asset TEXT)")
            database.execute("CREATE TABLE hour (hour INTEGER)")
            database.executemany("INSERT INTO hour VALUES (?)", [(1749038400 + number * 3600,) for number in range(6)])
            self.assertEqual(explain.questions(f"{top}/m.db", "2025-06-04T15")[-1], "funding 2025-06-04T15")
            # 13:00 and, after what is asked, 16:00; ETH at 15:00.
            database.executemany("INSERT INTO all_funding_spreads VALUES (?, ?)", [
                (1749042000, "BTC"), (1749052800, "BTC"), (1749049200, "ETH")])
            database.commit()
            self.assertEqual(explain.questions(f"{top}/m.db", "2025-06-04T15")[-2:], [
                "funding 2025-06-04T15", "spread BTC 2025-06-04T13"])


class StartTests(unittest.TestCase):
    def test_each_program_runs_as_often_and_its_median_is_kept(self):
        commands = []

        def run(command):
            commands.append(command)
            return frame.Turn((0.2, len(commands) / 1000))
        with mock.patch.object(start, "Run", run), contextlib.redirect_stdout(io.StringIO()):
            kept = start.main()
        self.assertEqual(len(commands), len(start.PROGRAMS) * start.TIMES)
        # The first program has the runs of 1 to 20 ms.
        self.assertEqual((kept["extract, CPU ms"], kept["transform, CPU ms"]), (10.5, 30.5))


if __name__ == "__main__":
    unittest.main()

"""Raw to warehouse against others: who is compared with whom, and who is left out."""
import contextlib
import io
import os
import sys
import tempfile
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import frame
import others


class RatioTests(unittest.TestCase):
    def test_only_candidates_that_ran_are_compared(self):
        taken = {others.OURS: [frame.Turn((2, 4))], "warehouse, Python": [frame.Turn((8, 12))], "limit": [frame.Turn((1, 1))]}
        self.assertEqual(frame.figures_of(others.ratios(taken)), {
            "Python / ours, raw to warehouse, wall": 4, "Python / ours, raw to warehouse, CPU": 3,
            "ours / limit, raw to warehouse, wall": 2, "ours / limit, raw to warehouse, CPU": 4})
        self.assertEqual(others.ratios({others.OURS: [frame.Turn((2, 4))]}), [])

    def test_every_comparison_is_of_candidates_that_a_part_runs(self):
        names = {others.OURS}.union(*others.CANDIDATES.values())
        for _, over, under, _, _ in others.COMPARISONS:
            self.assertLessEqual({over, under}, names)

    def test_a_question_says_which_way_its_ratio_goes(self):
        rows = [{"question": "a series", "sqlite_ms": [[2, 1], [2, 1]], "duckdb_ms": [[6, 4], [8, 4]], "rows": 1}]
        self.assertEqual(frame.figures_of(others.question_ratios(rows)), {"a series, DuckDB / SQLite, wall": 3.5, "a series, DuckDB / SQLite, CPU": 4})


class RoundTests(unittest.TestCase):
    def rounds(self, failing):
        """The runs of two rounds in which the named candidate fails in the second, and the statuses of complaints."""
        count = {}

        def run(command, _):
            name = command[0]
            count[name] = count.get(name, 0) + 1
            if name == failing and count[name] == 2:
                raise frame.Failure("broken")
            return frame.Turn((1, 1))
        with tempfile.TemporaryDirectory() as top:
            def folder(name):
                os.makedirs(f"{top}/{name}")
                return f"{top}/{name}"
            with mock.patch.object(others, "Run", run), mock.patch.object(frame, "folder", folder), \
                    mock.patch.object(others, "commands", lambda *_: {name: ([name], None) for name in (others.OURS, "warehouse, 1 job", "staged, 1 job")}), \
                    mock.patch.object(others.compare, "differences", lambda *_: [("staged, 1 job", "other rows")]), \
                    mock.patch.object(frame, "complaints", []) as complaints, contextlib.redirect_stderr(io.StringIO()):
                return others.rounds(None, ["jobs"], 2)[0], complaints

    def test_who_fails_is_left_out_and_so_is_who_made_something_else(self):
        taken, statuses = self.rounds("warehouse, 1 job")
        self.assertEqual({name: len(of) for name, of in taken.items()}, {others.OURS: 2})
        self.assertEqual(statuses, [65, 1])

    def test_without_ours_there_is_nothing_to_compare(self):
        with self.assertRaises(frame.Failure):
            self.rounds(others.OURS)


class AbleTests(unittest.TestCase):
    def test_parts_that_miss_something_are_left_out_and_the_others_stay(self):
        def missing():
            raise frame.Failure("no PyPI")
        said = io.StringIO()
        with mock.patch.object(others, "make_environment", missing), mock.patch.object(others, "make_limit", lambda: None), \
                mock.patch.object(frame, "complaints", []), contextlib.redirect_stderr(said):
            self.assertEqual(others.able(["jobs", "python", "duckdb", "limit"]), {"jobs", "limit"})
        self.assertEqual(said.getvalue(), "bench: without duckdb, python: no PyPI\n")

    def test_the_last_line_of_what_was_said(self):
        self.assertEqual([others.last_line(text) for text in ("a\n b \n\n", "", "\n")], ["b", "without a word", "without a word"])


if __name__ == "__main__":
    unittest.main()

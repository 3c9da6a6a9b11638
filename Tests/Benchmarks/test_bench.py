"""Which parts a run has, what a part that breaks costs the others, and under what its figures are kept."""
import contextlib
import importlib
import io
import os
import subprocess
import sys
import types
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import bench
import frame


class ChosenTests(unittest.TestCase):
    def refused(self, only, peer):
        with self.assertRaises(frame.Failure) as caught:
            bench.chosen(only, peer)
        self.assertEqual(caught.exception.status, 64)
        return str(caught.exception)

    def test_without_a_choice_the_usual_parts_run(self):
        usual = ["jobs", "python", "duckdb", "limit", "stages", "questions", "memory", "start", "hour", "page", "explain"]
        for only in (None, "", " , "):
            self.assertEqual(bench.chosen(only, None), usual)
        self.assertEqual(bench.chosen(None, "7a4a420"), [*usual, "peer"])

    def test_chosen_parts_run_in_the_order_of_the_table_each_once(self):
        self.assertEqual(bench.chosen("page, hour,,page", None), ["hour", "page"])
        self.assertEqual(bench.chosen("lake,peer", "7a4a420"), ["peer", "lake"])

    def test_a_part_that_is_none_is_named(self):
        self.assertTrue(self.refused("hour,pages", None).startswith("'pages' is no part: jobs, python, "))

    def test_the_peer_and_its_commit_go_together(self):
        self.assertEqual(self.refused("peer", None), "ONLY=peer goes with PEER=<commit>")
        self.assertEqual(self.refused("hour", "7a4a420"), "PEER=7a4a420 goes with ONLY=peer, or without ONLY")

    def test_parts_of_one_module_run_together(self):
        self.assertEqual(bench.modules(["jobs", "limit", "page"]), {"others": ["jobs", "limit"], "page": ["page"]})

    def test_every_part_has_a_module_with_a_main(self):
        for module, _, _ in bench.PARTS.values():
            self.assertTrue(callable(importlib.import_module(module).main), module)


class RunTests(unittest.TestCase):
    def run_part(self, error):
        """What a part gives that raises an error, the statuses of its complaints, and what was said."""
        def main():
            raise error
        said = io.StringIO()
        with mock.patch.object(frame, "complaints", []) as complaints, contextlib.redirect_stderr(said), \
                mock.patch.dict(sys.modules, {"broken": types.SimpleNamespace(main=main)}):
            return bench.run("broken", ["a", "b"]), complaints, said.getvalue()

    def test_what_goes_wrong_is_said_and_costs_no_other_part(self):
        for error, statuses, words in (
                (frame.Failure("other rows", 65), [65], "bench: a, b: other rows\n"),
                (OSError(28, "No space left on device"), [1], "bench: a, b: [Errno 28] No space left on device\n"),
                (subprocess.CalledProcessError(3, "x"), [1], "bench: a, b: Command 'x' returned non-zero exit status 3.\n"),
                (SystemExit(4), [4], "bench: a, b ended with 4\n"), (SystemExit(0), [], "")):
            self.assertEqual(self.run_part(error), (None, statuses, words))

    def test_a_mistake_of_a_part_is_told_with_its_place(self):
        figures, statuses, said = self.run_part(KeyError("ratio"))
        self.assertEqual((figures, statuses), (None, [1]))
        self.assertIn("Traceback", said)
        self.assertTrue(said.endswith("bench: a, b: KeyError: 'ratio'\n"))

    def test_a_signal_ends_all(self):
        for end in (SystemExit(143), KeyboardInterrupt()):
            with self.assertRaises(type(end)):
                self.run_part(end)


class HistoryTests(unittest.TestCase):
    def kept(self, module, parts, **environment):
        """The title, days, rounds and exchanges under which figures of a module are kept, and its packages; it makes no archive."""
        rows = []
        with mock.patch.dict(os.environ, {"DAYS": "", "ROUNDS": "", "CONTRACTS": "", **environment}), \
                mock.patch.object(frame, "chosen_parts", parts), mock.patch.object(frame, "exchanges_of", lambda _: ["okx", "gate"]), \
                mock.patch.object(frame, "pinned", lambda path: {"duckdb": os.path.basename(path)}), \
                mock.patch.object(frame.Archive, "make", self.fail), \
                mock.patch.object(bench.history, "row", lambda *fields: fields), \
                mock.patch.object(bench.history, "add", lambda path, row: rows.append(row)):
            bench.keep(module, parts, {"figure": 1})
        (title, figures, days, rounds, exchanges, packages), = rows
        self.assertEqual(figures, {"figure": 1})
        return title, days, rounds, exchanges, packages

    def test_parts_with_an_archive(self):
        self.assertEqual(self.kept("hour", ["hour"]), ("hour", 4, 3, 2, {}))
        self.assertEqual(self.kept("page", ["page"], DAYS="30", ROUNDS="5"), ("page", 30, 5, 2, {}))
        self.assertEqual(self.kept("memory", ["memory"], ROUNDS="5"), ("memory", 4, 1, 2, {}))

    def test_peers_have_their_exchanges_and_packages(self):
        self.assertEqual(self.kept("others", ["limit", "questions"]), ("others", 4, 3, 8, {"duckdb": "requirements.txt"}))

    def test_parts_with_days_of_their_own(self):
        self.assertEqual(self.kept("lake", ["lake"]), ("lake", 30, 3, 2, {"duckdb": "requirements.txt"}))
        self.assertEqual(self.kept("backfill", ["backfill"]), ("backfill", 365, 1, 1, {}))
        self.assertEqual(self.kept("backfill", ["backfill"], CONTRACTS="10"), ("backfill of 10 contracts", 365, 1, 1, {}))

    def test_programs_that_do_nothing_need_no_archive(self):
        self.assertEqual(self.kept("start", ["start"], DAYS="30"), ("start", None, 20, None, {}))


if __name__ == "__main__":
    unittest.main()

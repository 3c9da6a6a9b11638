"""Ratios, what was asked for, and the archive's hours, without any program."""
import contextlib
import datetime
import gzip
import io
import itertools
import json
import os
import sys
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import frame
from folders import FolderTest


def runs(*pairs):
    return [frame.Turn(pair) for pair in pairs]


class RatioTests(unittest.TestCase):
    def test_a_ratio_is_of_medians_and_its_spread_of_turns(self):
        # Medians 4 and 3; turns 2 / 1, 9 / 3 and 4 / 4.
        self.assertEqual(frame.spread([2, 9, 4], [1, 3, 4]), {"ratio": 4 / 3, "lowest": 1, "highest": 3})

    def test_an_even_number_of_turns_has_the_middle_of_two(self):
        # (2 + 6) / 2 over (1 + 4) / 2.
        self.assertEqual(frame.spread([2, 6], [4, 1]), {"ratio": 1.6, "lowest": 0.5, "highest": 6})

    def test_the_ratio_lies_within_its_turns_whatever_the_order(self):
        for over in itertools.permutations((1, 2, 7, 9)):
            found = frame.spread(over, [3, 5, 4, 8])
            self.assertTrue(found["lowest"] <= found["ratio"] <= found["highest"], over)

    def test_turns_that_took_no_time_are_none(self):
        self.assertEqual(frame.spread([1, 2, 6], [0, 2, 3]), {"ratio": 1, "lowest": 1, "highest": 2})
        self.assertIsNone(frame.spread([1, 2, 6], [0, 0, 3]), "the median is zero")
        self.assertIsNone(frame.spread([1], [0]))

    def test_both_clocks_are_compared_and_named(self):
        row = frame.compared("Python / ours", "", runs((8, 3)), runs((2, 1))) | {"kind": "raw to staged"}
        self.assertEqual(frame.figures_of([row]), {"Python / ours, raw to staged, wall": 4, "Python / ours, raw to staged, CPU": 3})

    def test_a_clock_without_a_ratio_is_no_figure(self):
        row = frame.compared("a", "", runs((1, 0)), runs((2, 0)))
        self.assertEqual(frame.figures_of([row]), {"a, wall": 0.5})
        self.assertEqual([cell.strip() for cell in frame.ratio_cells(row)], ["0.50  (0.50 to 0.50)", "-"])

    def test_the_middle_of_a_field(self):
        taken = runs((10, 1), (1, 2), (4, 3), (2, 9))
        self.assertEqual((frame.middle(taken, "seconds"), frame.middle(taken, "cpu")), (3, 2.5))


class AskedTests(unittest.TestCase):
    def asked(self, text):
        with mock.patch.dict(os.environ, {"DAYS": text}):
            return frame.asked("DAYS", 4)

    def test_a_number_from_one_on_or_the_usual_one(self):
        self.assertEqual([self.asked(text) for text in ("30", "1", "007", "")], [30, 1, 7, 4])

    def test_anything_else_is_wrong_usage(self):
        for text in ("0", "-1", "1.5", "4d", " 4", "1e3"):
            with self.assertRaises(frame.Failure, msg=text) as caught:
                self.asked(text)
            self.assertEqual((caught.exception.status, str(caught.exception)), (64, f"DAYS={text} is no number from 1 on"))

    def test_one_and_many(self):
        self.assertEqual([frame.counted(number, "day") for number in (0, 1, 2)], ["0 days", "1 day", "2 days"])

    def test_other_rows_decide_how_it_ends_then_what_was_first(self):
        for statuses, wanted in (([], 0), ([1], 1), ([64, 1], 64), ([1, 65, 64], 65)):
            with mock.patch.object(frame, "complaints", statuses):
                self.assertEqual(frame.exit_status(), wanted)


class RunTests(unittest.TestCase):
    def setUp(self):
        patch = mock.patch.object(os, "sync")  # what others write is none of a test's business
        patch.start()
        self.addCleanup(patch.stop)

    def fail(self, script):
        with self.assertRaises(frame.Failure) as caught:
            frame.Run([sys.executable, "-c", script])
        return caught.exception

    def test_the_output_and_what_it_took(self):
        run = frame.Run([sys.executable, "-c", "import os; print(os.environ['A'])"], {"A": "é"})
        self.assertEqual(run.output, "é\n")
        self.assertTrue(run.seconds > 0 and run.cpu > 0 and run.megabytes > 1)

    def test_a_failure_has_the_last_line_that_was_said(self):
        failure = self.fail("import sys; sys.stderr.write('a\\nb\\n\\n'); sys.exit(3)")
        self.assertTrue(str(failure).endswith("ended with 3: b"), failure)
        self.assertEqual(failure.status, 1)

    def test_a_program_that_made_other_rows_says_so_by_its_status(self):
        self.assertEqual(self.fail("raise SystemExit(65)").status, 65)

    def test_a_signal_is_a_failure_without_a_word(self):
        self.assertTrue(str(self.fail("import os; os.kill(os.getpid(), 9)")).endswith("ended with -9: without a word"))

    def test_a_program_that_is_not_there(self):
        with self.assertRaisesRegex(frame.Failure, "^nowhere/load cannot be run: No such file or directory: make build$"):
            frame.Run(["nowhere/load"])


class ArchiveTests(FolderTest):
    def test_hours_go_over_the_end_of_a_day(self):
        hours = frame.hours_from(datetime.date(2024, 2, 28), 49)
        self.assertEqual((hours[0], hours[23], hours[24], hours[-1]),
                         ("2024-02-28T00", "2024-02-28T23", "2024-02-29T00", "2024-03-01T00"))

    def test_the_hours_of_an_archive_and_those_behind_it(self):
        archive = frame.Archive(("okx", "gate"), 2, False)
        self.assertEqual((len(archive.hours()), archive.hours()[-1], archive.next_hours(1)), (48, "2025-06-02T23", ["2025-06-03T00"]))
        self.assertEqual(archive.title(), "2 days of 2 exchanges, full markets")

    def test_peers_among_the_parts_decide_which_exchanges(self):
        with mock.patch.object(frame, "chosen_parts", ["page", "limit"]):
            self.assertEqual(len(frame.exchanges()), 8)
        with mock.patch.object(frame, "chosen_parts", ["page"]), mock.patch.object(frame, "exchanges_of", lambda _: ["okx"]):
            self.assertEqual(frame.exchanges(), ["okx"])

    def test_the_exchanges_of_a_checkout(self):
        os.makedirs(f"{self.folder}/pipeline")
        with open(f"{self.folder}/pipeline/config.env", "w") as file:
            file.write("# EXCHANGES=none\nRAW_DAYS=3\nEXCHANGES=okx,gate\n")
        self.assertEqual(frame.exchanges_of(self.folder), ["okx", "gate"])

    def test_what_requirements_pin(self):
        with open(f"{self.folder}/r.txt", "w") as file:
            file.write("# a==1\nduckdb==2.0.1  # the newest\n\norjson==3.13.0; python_version > '3'\npandas\n")
        self.assertEqual(frame.pinned(f"{self.folder}/r.txt"), {"duckdb": "2.0.1", "orjson": "3.13.0"})

    def test_what_peers_cannot_read_is_left_out_of_the_archive(self):
        os.makedirs(f"{self.folder}/2025-06-01/00")
        path = f"{self.folder}/2025-06-01/00/bybit.ndjson.gz"
        lines = [json.dumps({"endpoint": endpoint}) + "\n" for endpoint in ("tickers", "tickers_inverse", "instruments")]
        with gzip.open(path, "wt") as file:
            file.writelines(lines)
        frame.leave_out_later(self.folder)
        with gzip.open(path, "rt") as file:
            self.assertEqual(file.readlines(), [lines[0], lines[2]])

    def test_sizes_count_files_only(self):
        os.makedirs(f"{self.folder}/a/b")
        for name, size in (("a/x.gz", 3), ("a/b/y.gz", 4), ("a/b/z", 5)):
            with open(f"{self.folder}/{name}", "w") as file:
                file.write("." * size)
        self.assertEqual(frame.size(f"{self.folder}/**/*.gz"), 7)
        self.assertEqual(frame.size(f"{self.folder}/**"), 12)


class ComplaintTests(unittest.TestCase):
    def test_it_is_said_at_once_and_kept_for_the_end(self):
        said = io.StringIO()
        with mock.patch.object(frame, "complaints", []) as kept, contextlib.redirect_stderr(said):
            frame.complain("page: broken", 65)
            self.assertEqual((kept, said.getvalue()), ([65], "bench: page: broken\n"))


if __name__ == "__main__":
    unittest.main()

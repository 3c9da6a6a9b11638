"""The history of `make bench`: its lines, what damages them, and its table."""
import contextlib
import io
import json
import os
import sys
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import history
from folders import FolderTest

MACHINE = {"processor": "P", "cores": 2, "memory_gb": 25.3, "system": "Linux 6"}


def row(at="2026-11-29T10:00:00Z", part="hour", days=4, exchanges=23, commit="1234567", figures=None, cores=2):
    return {"at": at, "commit": commit, "part": part, "days": days, "rounds": 3, "exchanges": exchanges,
            "machine": MACHINE | {"cores": cores}, "versions": {"swift": "6.3.1"}, "figures": figures or {"ratio, CPU": 1.25}}


class FileTests(FolderTest):
    def setUp(self):
        super().setUp()
        self.own, self.committed = f"{self.folder}/.build/bench/own.jsonl", f"{self.folder}/committed.jsonl"
        for name, path in (("OWN", self.own), ("COMMITTED", self.committed)):
            patch = mock.patch.object(history, name, path)
            patch.start()
            self.addCleanup(patch.stop)

    def read(self, path):
        """The rows of a file, and what was said of it."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            return history.read(path), said.getvalue()

    def printed(self, keep=""):
        output = io.StringIO()
        with mock.patch.dict(os.environ, {"KEEP": keep}), contextlib.redirect_stdout(output):
            history.main()
        return output.getvalue()

    def test_no_file_is_no_run(self):
        self.assertEqual(self.read(self.own), ([], ""))

    def test_what_is_added_is_read_again(self):
        for one in (row(), row(part="page")):
            history.add(self.own, one)
        self.assertEqual(self.read(self.own), ([row(), row(part="page")], ""))

    def test_half_a_line_costs_no_other(self):
        history.add(self.own, row())
        with open(self.own, "a") as file:
            file.write(history.text_of([row()])[:40])
        history.add(self.own, row(part="page"))
        rows, said = self.read(self.own)
        self.assertEqual(rows, [row(), row(part="page")])
        self.assertEqual(said, f"bench: {self.own}: line 2 is no run and is passed over\n")

    def test_what_is_no_run_is_passed_over_whatever_it_is(self):
        broken = [b"\xff\xfe", b"null", b"7", b"[]", b"{}", b"{", json.dumps({**row(), "figures": {"a": "fast"}}).encode(),
                  json.dumps({**row(), "machine": {}}).encode(), json.dumps({**row(), "at": 5}).encode(),
                  json.dumps({name: value for name, value in row().items() if name != "days"}).encode()]
        history.add(self.own, row())
        with open(self.own, "ab") as file:
            file.write(b"\n".join(broken) + b"\n\n")
        history.add(self.own, row(part="page"))
        rows, said = self.read(self.own)
        self.assertEqual(rows, [row(), row(part="page")])
        self.assertEqual(said.count("passed over"), len(broken))

    def test_a_figure_that_is_none_is_kept(self):
        history.add(self.own, row(figures={"a": None, "b": 1}))
        self.assertEqual(len(self.read(self.own)[0]), 1)

    def test_without_a_run_it_says_what_makes_one(self):
        with self.assertRaisesRegex(SystemExit, "there is no run yet: make bench"):
            self.printed()

    def test_keeping_without_a_run_makes_no_file(self):
        with self.assertRaisesRegex(SystemExit, "no run of this checkout to keep"):
            self.printed(keep="1")
        self.assertFalse(os.path.exists(self.committed))

    def test_the_latest_run_of_each_part_is_kept_beside_what_was(self):
        old = row(at="2026-11-01T10:00:00Z", cores=64)
        history.add(self.committed, old)
        for one in (row(), row(at="2026-11-29T11:00:00Z"), row(part="page")):
            history.add(self.own, one)
        self.assertTrue(self.printed(keep="1").endswith("has 2 more rows, 3 together\n"))
        wanted = [old, row(part="page"), row(at="2026-11-29T11:00:00Z")]
        self.assertEqual(self.read(self.committed)[0], wanted)
        self.assertTrue(self.printed(keep="1").endswith("has 0 more rows, 3 together\n"), "again: nothing new")
        self.assertEqual(self.read(self.committed)[0], wanted)

    def test_the_table_has_both_files_each_run_once(self):
        for path in (self.own, self.committed):
            history.add(path, row())
        self.assertEqual(self.printed().count("1234567"), 1)


class RowTests(unittest.TestCase):
    def test_runs_are_in_the_order_of_time(self):
        late, early = row(at="2026-11-29T11:00:00Z", part="alone"), row()
        self.assertEqual(history.merged([late], [early, late]), [early, late])

    def test_other_days_are_another_run(self):
        rows = [row(days=days) for days in (4, 30, None)]
        self.assertEqual(len(history.merged(rows)), 3)
        self.assertEqual(history.latest(rows + [row(at="2027")]), [row(at="2027"), *rows[1:]])

    def test_a_row_has_commit_machine_and_versions(self):
        with mock.patch.object(history.machine, "commit", lambda: "abcdef0+"), \
                mock.patch.object(history.machine, "swift", lambda: "6.3.1"):
            made = history.row("start", {"load, CPU ms": 12.5}, None, 20, None, {"duckdb": "2.0.1"})
        self.assertEqual((made["commit"], made["versions"]["swift"], made["versions"]["duckdb"]), ("abcdef0+", "6.3.1", "2.0.1"))
        self.assertTrue(history.is_row(json.loads(history.text_of([made]))))
        self.assertRegex(made["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")


class TableTests(unittest.TestCase):
    def test_a_block_for_each_part_a_column_for_each_run(self):
        rows = [row(), row(at="2026-11-30T10:00:00Z", commit=None, cores=1, figures={"ratio, CPU": 0.5, "MB": 1234.5})]
        self.assertEqual(list(history.table(rows)), [
            "hour: 4 days, 23 exchanges",
            "             2026-11-29 2026-11-30",
            "  commit        1234567          -",
            "  rounds              3          3",
            "  machine             A          B",
            "  ratio, CPU       1.25        0.5",
            "  MB                  -       1234",
            "",
            "A  P, 2 cores, 25.3 GB, Linux 6; swift 6.3.1",
            "B  P, 1 core, 25.3 GB, Linux 6; swift 6.3.1"])

    def test_a_part_without_an_archive_has_its_name_only(self):
        self.assertEqual(next(history.table([row(part="start", days=None, exchanges=None)])), "start")

    def test_the_newest_runs_are_the_last_columns(self):
        rows = [row(at=f"2026-11-{day:02}T00:00:00Z") for day in range(1, 10)]
        head = list(history.table(rows))[1].split()
        self.assertEqual(head, [f"2026-11-{day:02}" for day in range(4, 10)])

    def test_numbers(self):
        cases = ((None, "-"), (0, "0"), (0.01234, "0.0123"), (1.005, "1"), (99.96, "100"), (999.4, "999"), (999.6, "1000"),
                 (-999.6, "-1000"), (12345.6, "12346"))
        for value, text in cases:
            self.assertEqual(history.number(value), text)

    def test_more_places_than_letters(self):
        letters = list(history.places([row(cores=cores) for cores in range(1, 29)]).values())
        self.assertEqual((letters[0], letters[25], letters[26], len(set(letters))), ("A", "Z", "A'", 28))


if __name__ == "__main__":
    unittest.main()

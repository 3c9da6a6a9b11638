"""Whether candidates did the same work: what is equal, and how a difference is told."""
import os
import sqlite3
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import compare
from folders import FolderTest


class GroupTests(unittest.TestCase):
    def difference(self, ours, others):
        with self.assertRaises(compare.Difference) as caught:
            compare.compare_groups(ours, others, "Python", "ticker")
        return str(caught.exception)

    def test_numbers_are_equal_to_a_relative_billionth(self):
        for left, right, is_close in ((1e9, 1e9 + 0.9, True), (1e9, 1e9 + 1.1, False), (-2, -2 - 1e-9, True), (0, 1e-30, False),
                                      (0, 0, True), (5, 5.0, True), (1, -1, False)):
            self.assertEqual(compare.close((left,), (right,)), is_close, (left, right))

    def test_a_sum_of_nothing_is_zero(self):
        self.assertTrue(compare.close((None, 0), (0.0, None)))
        self.assertFalse(compare.close((None,), (1,)))

    def test_another_number_of_columns_is_a_difference(self):
        self.assertFalse(compare.close((), (0,)))

    def test_no_number_is_close_to_none(self):
        self.assertFalse(compare.close((float("nan"),), (float("nan"),)))

    def test_the_order_of_groups_is_no_difference(self):
        compare.compare_groups([("okx", 1, 2.5), ("gate", 3, None)], [["gate", 3, 0], ["okx", 1, 2.5]], "Python", "ticker")

    def test_a_difference_names_the_group_and_both(self):
        self.assertEqual(self.difference([("gate", 1), ("okx", 2)], [("gate", 1), ("okx", 3)]),
                         "ticker of okx: Python made (3,), we made (2,)")

    def test_a_group_that_one_lacks_is_a_difference(self):
        self.assertEqual(self.difference([("okx", 0)], []), "ticker of okx: Python made None, we made (0,)")
        self.assertEqual(self.difference([], [("okx", 0)]), "ticker of okx: Python made (0,), we made None")

    def test_a_group_without_a_name_is_one_as_well(self):
        self.assertEqual(self.difference([("okx", 1)], [("okx", 1), (None, 4)]), "ticker of None: Python made (4,), we made None")


class FileTests(FolderTest):
    def staged(self, name, **contents):
        os.makedirs(f"{self.folder}/{name}/2025-06-01/00", exist_ok=True)
        for exchange, content in contents.items():
            with open(f"{self.folder}/{name}/2025-06-01/00/{exchange}.ndjson.gz", "w") as file:
                file.write(content)
        return f"{self.folder}/{name}"

    def test_staged_files_are_equal_byte_by_byte(self):
        compare.compare_bytes(self.staged("a", okx="one", gate="two"), self.staged("b", okx="one", gate="two"))

    def test_equal_sizes_are_not_enough(self):
        with self.assertRaisesRegex(compare.Difference, "/okx.ndjson.gz differ$"):
            compare.compare_bytes(self.staged("a", okx="one", gate="two"), self.staged("b", okx="owe", gate="two"))

    def test_a_file_that_one_lacks_is_a_difference(self):
        for left, right in (({"okx": ""}, {}), ({}, {"okx": ""})):
            with self.subTest(left), self.assertRaisesRegex(compare.Difference, "hold other files"):
                compare.compare_bytes(self.staged(f"a{len(left)}", **left), self.staged(f"b{len(left)}", **right))

    def test_the_limit_wrote_as_many_bytes(self):
        self.staged("ours/staged", okx="12345", gate="123")
        compare.compare_limit(self.folder, {"stored_bytes": 8})
        with self.assertRaisesRegex(compare.Difference, "the limit wrote 7 bytes of staged files, we wrote 8"):
            compare.compare_limit(self.folder, {"stored_bytes": 7})

    def test_each_candidate_that_differs_is_told_and_the_others_go_on(self):
        self.staged("ours/staged", okx="one")
        self.staged("staged-2", okx="two")
        self.staged("staged-1", okx="one")
        sqlite3.connect(f"{self.folder}/ours/m.db").close()
        names = {"warehouse, 1 job", "staged, 2 jobs", "staged, 1 job", "limit"}
        found = dict(compare.differences(self.folder, names, {"stored_bytes": 3}, "python"))
        self.assertEqual(found.keys(), {"warehouse, 1 job", "staged, 2 jobs"})
        self.assertEqual(found["warehouse, 1 job"], "what it made cannot be read: no such table: ticker")

    def test_who_did_not_run_is_not_asked(self):
        self.assertEqual(list(compare.differences(self.folder, {"warehouse, 2 jobs"}, None, "python")), [])


if __name__ == "__main__":
    unittest.main()

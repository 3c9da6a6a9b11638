"""What a figure depends on: the words of /proc/cpuinfo, of Swift and of git."""
import os
import sys
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import machine


class MachineTests(unittest.TestCase):
    def test_the_first_processor_of_cpuinfo(self):
        lines = ["processor\t: 0\n", "model\t\t: 1\n", "model name\t: AMD EPYC 7B13: 64 cores\n", "model name\t: other\n"]
        self.assertEqual(machine.model_of(lines), "AMD EPYC 7B13: 64 cores")
        self.assertIsNone(machine.model_of(["processor\t: 0\n", "CPU part\t: 0xd0c\n"]), "as on ARM")

    def test_it_has_all_that_the_history_prints(self):
        found = machine.describe()
        self.assertTrue(found["processor"] and found["cores"] >= 1 and found["memory_gb"] > 0 and found["system"])

    def test_a_program_that_is_missing_or_fails_says_nothing(self):
        self.assertIsNone(machine.first_line(["/nowhere/swift"]))
        self.assertIsNone(machine.first_line([sys.executable, "-c", "print(1); raise SystemExit(1)"]))
        self.assertEqual(machine.first_line([sys.executable, "-c", "print('a'); print('b')"]), "a")

    def test_the_version_of_swift(self):
        for said, version in (("Swift version 6.3.1 (swift-6.3.1-RELEASE)", "6.3.1"), ("zsh: no swift", None), (None, None),
                              ("swift-driver version: 1.120.5 Apple Swift version 6.1 (swiftlang-6.1.0)", "6.1")):
            with mock.patch.object(machine, "first_line", lambda _, said=said: said):
                self.assertEqual(machine.swift(), version)

    def test_versions_that_are_unknown_are_left_out(self):
        with mock.patch.object(machine, "swift", lambda: None), mock.patch.object(machine, "sqlite", lambda: "3.40.1"):
            found = machine.versions({"duckdb": "2.0.1", "orjson": None})
        self.assertEqual(list(found), ["sqlite", "python", "duckdb"])

    def test_a_changed_checkout_has_a_plus(self):
        for name, status, commit in (("bcaa6f7", "", "bcaa6f7"), ("bcaa6f7", " M a.py", "bcaa6f7+"), (None, None, None)):
            with mock.patch.object(machine, "first_line", lambda words, n=name, s=status: n if "rev-parse" in words else s):
                self.assertEqual(machine.commit(), commit)


if __name__ == "__main__":
    unittest.main()

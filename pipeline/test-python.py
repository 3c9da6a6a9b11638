#!/usr/bin/env python3
"""The tests of Python that need no program of this project, no package and no network: test-python.py [NAME ...]

NAME is a part of a test's name. Beside the tests' own words the last line says how many passed, as the gate counts them.
"""
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("Tests/Benchmarks", "Tests/Cluster")


class Counted(unittest.TextTestResult):
    """Counts what passed; what is skipped or fails in a part did not."""
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main(names):
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in names] or None
    suite = unittest.TestSuite()
    for folder in FOLDERS:
        sys.path.insert(0, str(ROOT / folder))
        for path in sorted((ROOT / folder).glob("test_*.py")):
            suite.addTests(loader.loadTestsFromName(path.stem))
    result = unittest.TextTestRunner(sys.stdout, resultclass=Counted).run(suite)
    failed = suite_failures(result)
    print(f"{result.passed} passed, {failed} failed")
    return 1 if failed or not result.passed else 0


def suite_failures(result):
    return len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The list of paths on its way to Spark, without Spark."""
import os
import sys
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "pipeline", "spark"))

import stage


class Table:
    """A table that only has its rows."""

    def __init__(self, rows):
        self.rows = rows

    def union(self, other):
        return Table(self.rows + other.rows)

    def repartitionById(self, tasks, column):
        self.tasks = tasks
        return self

    def select(self, *_):
        return self


class Spark:
    """Notes how many rows go to it at once."""

    def __init__(self):
        self.sent = []

    def createDataFrame(self, rows, _):
        self.sent.append(len(rows))
        return Table(rows)


class SpreadTests(unittest.TestCase):
    def spread(self, count, tasks, at_once):
        spark = Spark()
        with mock.patch.object(stage, "PATHS", at_once):
            return spark, stage.spread(spark, [f"p{number}" for number in range(count)], tasks)

    def test_no_message_has_more_paths_than_fit_and_each_path_is_sent_once_in_order(self):
        spark, table = self.spread(7, 2, at_once=3)
        self.assertEqual(spark.sent, [3, 3, 1])
        self.assertEqual(table.rows, [(0, "p0"), (0, "p1"), (0, "p2"), (0, "p3"), (1, "p4"), (1, "p5"), (1, "p6")])
        self.assertEqual(table.tasks, 2)

    def test_a_list_that_fits_is_sent_at_once(self):
        for count in (1, 3):
            self.assertEqual(self.spread(count, 1, at_once=3)[0].sent, [count])

    def test_tasks_are_runs_of_the_list_of_equal_length(self):
        _, table = self.spread(1000, 3, at_once=10_000)
        self.assertEqual([sum(task == number for task, _ in table.rows) for number in range(3)], [334, 333, 333])

    def test_the_list_is_by_exchange_then_time_each_path_once(self):
        self.assertEqual(stage.in_order(["raw/2025-01-02/00/okx", "raw/2025-01-01/00/okx", "raw/2025-01-02/00/gate", "raw/2025-01-02/00/okx"]),
                         ["raw/2025-01-02/00/gate", "raw/2025-01-01/00/okx", "raw/2025-01-02/00/okx"])


if __name__ == "__main__":
    unittest.main()

"""Which days the bench of memory reads."""
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import memory


class DaysTests(unittest.TestCase):
    def test_the_mark_of_a_simulated_archive_is_no_day(self):
        with tempfile.TemporaryDirectory() as top:
            for day in ("2025-06-03", "2025-06-01", "2025-06-02"):
                os.makedirs(f"{top}/raw/{day}/00")
            open(f"{top}/raw/.simulated", "w").close()
            for days, wanted in ((1, ["2025-06-01"]), (2, ["2025-06-01", "2025-06-02"]), (9, ["2025-06-01", "2025-06-02", "2025-06-03"])):
                memory.link_days(f"{top}/raw", days, f"{top}/{days}")
                self.assertEqual(sorted(os.listdir(f"{top}/{days}")), [".simulated", *wanted])
                self.assertEqual(os.listdir(f"{top}/{days}/2025-06-01"), ["00"])


if __name__ == "__main__":
    unittest.main()

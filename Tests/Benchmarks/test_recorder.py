"""The bench of the recorder: ranks, bars and frames."""
import contextlib
import io
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import recorder


class HistogramTests(unittest.TestCase):
    def test_nearest_ranks(self):
        ten = [7, 1, 10, 4, 2, 9, 3, 8, 6, 5]
        self.assertEqual([recorder.quantile(ten, percent) for percent in (0, 1, 10, 11, 50, 90, 91, 99, 100)],
                         [1, 1, 1, 2, 5, 9, 10, 10, 10])
        self.assertEqual(recorder.quantile(range(1, 201), 99), 198)
        self.assertEqual(recorder.quantile([3.5], 90), 3.5)

    def test_each_burst_is_in_one_bar(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            recorder.histogram("alone", [0.04, 0.05, 0.06, 3.0])
        head, *bars = output.getvalue().splitlines()
        self.assertEqual(head, "alone: 4 bursts, median 0.055 s, 90 % 3.000 s, 99 % 3.000 s, longest 3.000 s")
        self.assertEqual([(bar[:15].strip(), bar.count("#"), bar.split()[-1]) for bar in bars],
                         [("0.00 to 0.05", 15, "1"), ("0.05 to 0.10", 30, "2"), ("2.00 to more", 15, "1")])


class FrameTests(unittest.TestCase):
    def test_a_short_text_has_its_length_in_a_byte_and_a_longer_one_in_two_more(self):
        self.assertEqual(recorder.frame("ab"), b"\x81\x02ab")
        self.assertEqual(recorder.frame("x" * 125)[:2], b"\x81\x7d")
        self.assertEqual(recorder.frame("x" * 300)[:4], b"\x81\x7e\x01\x2c")

    def test_the_length_is_of_bytes(self):
        self.assertEqual(recorder.frame("é"), b"\x81\x02\xc3\xa9")


if __name__ == "__main__":
    unittest.main()

"""What it costs to explain a number down to its bytes, behind DAYS days of all exchanges: each question by a process of its own."""
import os
import statistics

import frame
from frame import BIN, Run, say

HOUR_OF_DAY = "T15"
QUESTIONS = (
    "binance BTCUSDT funding {hour}", "okx BTC open interest {hour}", "bybit BTCUSDT volume {hour}", "gate BTC mark {hour}",
    "composite {hour}", "funding {hour}", "spread BTC {hour}",
)


def explain(database, target, question):
    return Run([
        f"{BIN}/explain", "--warehouse", database, "--raw", frame.archive().raw,
        "--staged", f"{target}/staged", *question.split()])


def main():
    archive, rounds = frame.archive(), frame.asked("ROUNDS", 3)
    database = frame.warehouse()
    hour = f"{archive.last}{HOUR_OF_DAY}"
    asked = [question.format(hour=hour) for question in QUESTIONS]
    runs = {question: [] for question in asked}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: explanations")
        for question in asked:
            runs[question].append(explain(database, os.path.dirname(database), question))
    print(f"Explaining a number behind {archive.title()}; medians of {rounds}\n\n  {'':40} {'ms':>6} {'CPU ms':>7} {'peak MB':>8}")
    medians = {}
    for question, list in runs.items():
        medians[question] = frame.middle(list, "seconds") * 1000
        print(f"  {question:40} {medians[question]:6.0f} {frame.middle(list, 'cpu') * 1000:7.0f} "
              f"{max(run.megabytes for run in list):8.0f}")
    return {"slowest, ms": round(max(medians.values()), 1), "median, ms": round(statistics.median(medians.values()), 1)}


if __name__ == "__main__":
    main()

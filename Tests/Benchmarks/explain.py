"""What it costs to explain a number down to its bytes, behind DAYS days of all exchanges: each question by a process of its own."""
import os
import sqlite3
import statistics

import frame
from frame import BIN, Run, say

HOUR_OF_DAY = "T15"
QUESTIONS = (
    "binance BTCUSDT funding {hour}", "okx BTC open interest {hour}", "bybit BTCUSDT volume {hour}", "gate BTC mark {hour}",
    "composite {hour}", "funding {hour}", "spread BTC {hour_of_spread}",
)


def explain(database, target, question):
    return Run([
        f"{BIN}/explain", "--warehouse", database, "--raw", frame.archive().raw,
        "--staged", f"{target}/staged", *question.split()])


def questions(database, hour):
    """What is asked of an hour; of spreads the latest until then that has one, and nothing without any."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    apart = connection.execute("""
        SELECT strftime('%Y-%m-%dT%H', hour, 'unixepoch') FROM hour AS h
        WHERE hour <= strftime('%s', ?) + 0
            AND EXISTS (SELECT 1 FROM all_funding_spreads AS s WHERE s.hour = h.hour AND s.asset = 'BTC')
        ORDER BY hour DESC LIMIT 1""", (f"{hour}:00",)).fetchone()
    connection.close()
    return [question.format(hour=hour, hour_of_spread=apart and apart[0]) for question in QUESTIONS
            if apart or "{hour_of_spread}" not in question]


def main():
    archive, rounds = frame.archive(), frame.asked("ROUNDS", 3)
    database = frame.warehouse()
    hour = f"{archive.last}{HOUR_OF_DAY}"
    asked = questions(database, hour)
    runs = {question: [] for question in asked}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: explanations")
        for question in asked:
            runs[question].append(explain(database, os.path.dirname(database), question))
    print(f"Explaining a number behind {archive.title()}; medians of {rounds}\n\n  {'':40} {'ms':>6} {'CPU ms':>7} {'peak MB':>8}")
    for question, taken in runs.items():
        print(f"  {question:40} {frame.middle(taken, 'seconds') * 1000:6.0f} {frame.middle(taken, 'cpu') * 1000:7.0f} "
              f"{max(run.megabytes for run in taken):8.0f}")
    return figures(runs)


def figures(runs):
    """The slowest question and the one in the middle, by both clocks, each by the median of its runs."""
    found = {}
    for unit, field in (("ms", "seconds"), ("CPU ms", "cpu")):
        medians = [1000 * frame.middle(taken, field) for taken in runs.values()]
        found |= {f"slowest, {unit}": round(max(medians), 1), f"median, {unit}": round(statistics.median(medians), 1)}
    return found


if __name__ == "__main__":
    main()

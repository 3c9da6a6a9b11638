"""How long programs take that do nothing: what every call of an hour pays."""
import frame
from frame import BIN, Run

PROGRAMS = ("extract", "transform", "load", "alert", "report", "page")
TIMES = 20


def main():
    runs = {program: [Run([f"{BIN}/{program}", "--help"]) for _ in range(TIMES)] for program in PROGRAMS}
    print(f"Start-up, medians of {TIMES}\n\n  {'':12} {'ms':>7} {'CPU ms':>7}")
    middles = {program: [1000 * frame.middle(all_runs, field) for field in ("seconds", "cpu")]
               for program, all_runs in runs.items()}
    for program, (wall, cpu) in middles.items():
        print(f"  {program:12} {wall:7.1f} {cpu:7.1f}")
    return {f"{program}, CPU ms": round(cpu, 2) for program, (_, cpu) in middles.items()}

"""packaging/bench opstatus: many operation records in one agent's database.

The newest 500 are listed and decoded; the peer reads the same rows of the same file with python3's sqlite3 and json. Then everything is
purged in small transactions while statuses are committed; the peer is the same commit on the quiet database before.
"""
import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

LIST_MAX = 50
HOLD_UP_MAX = 20


def peer(path):
    """Milliseconds for the newest 500 of the largest table, as another program reads them; rows are there before the purge only."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    times = []
    for _ in range(50):
        start = time.perf_counter()
        rows = connection.execute("SELECT content FROM operations ORDER BY number DESC LIMIT 500").fetchall()
        found = [json.loads(text) for (text,) in rows]
        times.append((time.perf_counter() - start) * 1000)
        assert len(found) == 500
    connection.close()
    return times


def measure(options):
    """Figures of our program, the peer's on the same file, and the file's length."""
    with tempfile.TemporaryDirectory() as folder:
        command = [options.program, "opstatus", folder, "--records", str(options.records), "--batch", str(options.batch)]
        subprocess.run(command + ["--fill"], check=True)
        # What the filling left to write would be waited for by the first one that syncs, and is not the purge's.
        os.sync()
        theirs = peer(os.path.join(folder, "agent.db"))
        length = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
        ours = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        return ours, theirs, length


def row(name, times, other=None):
    """A line of the table: median, 99th percentile, longest, and the median's ratio to a peer's."""
    ordered = sorted(times)
    ratio = "" if other is None else f"{statistics.median(times) / statistics.median(other):>8.2f}"
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:<58}{statistics.median(times):>10.2f}{late:>10.2f}{ordered[-1]:>10.2f}{ratio}")


def main():
    """Measures, prints the table, writes the figures; exit code 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="packaging/bench opstatus", description="Many operation records in one agent's database.")
    parser.add_argument("--program", help=argparse.SUPPRESS)
    parser.add_argument("--records", type=int, default=1_000_000, metavar="N", help="records (1000000)")
    parser.add_argument("--batch", type=int, default=100, metavar="N", help="records in one transaction of a purge (100)")
    parser.add_argument("--json", metavar="FILE", help="write all figures")
    options = parser.parse_args()
    if options.records < 1000 or options.batch < 1:
        parser.error("records must be 1000 or more, batch more than 0")
    ours, theirs, length = measure(options)
    print(f"{options.records:,} records, {length / 1e6:,.0f} MB; {len(ours['purge']):,} transactions purged them")
    print(f"{'milliseconds':<58}{'median':>10}{'99 %':>10}{'longest':>10}{'ratio':>8}")
    row("list of the newest 500", ours["list"], theirs)
    row("  the same by python3", theirs)
    row("status commit beside a purge", ours["commitBesidePurge"], ours["quietCommit"])
    row("  the same on the quiet database", ours["quietCommit"])
    row("one transaction of the purge", ours["purge"])
    listed, held = statistics.median(ours["list"]), max(ours["purge"])
    aims = [(f"list under {LIST_MAX} ms", listed < LIST_MAX), (f"no status held up for more than {HOLD_UP_MAX} ms", held <= HOLD_UP_MAX)]
    for name, is_met in aims:
        print(f"aim: {name}: {'met' if is_met else 'MISSED'}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump({"ours": ours, "peerListMilliseconds": theirs}, stream, indent=2)
    sys.exit(0 if all(is_met for _, is_met in aims) else 1)


main()

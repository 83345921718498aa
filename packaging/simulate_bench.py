"""packaging/bench simulate: a rollout over simulated fleets of several sizes, and a week of a fleet, beside real time and beside themselves.

Nobody else simulates a fleet of real agents, so there is no foreign peer: the ratio is virtual seconds by seconds on the clock, which says
how much longer the same fleet would have taken in life, and the cost of a node in a large fleet by that in the smallest, which is 1 where
time grows with the number of nodes and no faster. Every poll of every node is simulated. One thread does all of it; CPU time is told
beside the clock, because a busy machine stretches the one more than the other.
"""
import argparse
import json
import os
import subprocess
import sys

WEEK = 168
# Until the last node of a window of an hour has come to an end.
ROLLOUT = 1.1


def measure(options, nodes, hours):
    """One run in a process of its own, so that its memory is its own."""
    command = [options.program, "simulate", "--nodes", str(nodes), "--hours", str(hours), "--window", str(options.window)]
    command += ["--seed", str(options.seed)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    text = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"error: {' '.join(command)} ended with status {os.waitstatus_to_exitcode(status)}")
    figures = json.loads(text)
    if figures["outcome"] != "passed" or figures["successful"] != nodes:
        sys.exit(f"error: of {nodes} nodes {figures['successful']} were upgraded, outcome: {figures['outcome']}: this is no measurement")
    figures["seconds"] = figures["birthSeconds"] + figures["runSeconds"]
    figures["cpuSeconds"] = usage.ru_utime + usage.ru_stime
    figures["memoryMost"] = usage.ru_maxrss << 10
    figures["upgradesPerSecond"] = nodes / figures["seconds"]
    figures["virtualPerReal"] = figures["virtualSeconds"] / figures["seconds"]
    figures["requestsPerSecond"] = figures["requests"] / figures["seconds"]
    figures["hours"] = hours
    return figures


def show(name, row, first=None):
    """One line of the table."""
    growth = "" if first is None else f"{row['cpuSeconds'] / row['nodes'] / (first['cpuSeconds'] / first['nodes']):.2f}"
    print(
        f"{name:<34}{row['seconds']:>9.1f}{row['cpuSeconds']:>9.1f}{row['upgradesPerSecond']:>12,.0f}"
        f"{row['virtualPerReal']:>14,.0f}{row['requestsPerSecond']:>13,.0f}{row['memoryMost'] / 2**20:>9,.0f}{growth:>9}"
    )


def main():
    """Measures, prints the table and how the aims stand, writes the figures. A missed aim is told and is no error: machines differ."""
    parser = argparse.ArgumentParser(prog="packaging/bench simulate", description="Rollouts over simulated fleets, and a week of one.")
    parser.add_argument("--program", help=argparse.SUPPRESS)
    parser.add_argument("--nodes", default="1000,10000,100000", metavar="N,N…", help="sizes of the fleets (1000,10000,100000)")
    parser.add_argument("--week", type=int, default=5000, metavar="N", help="nodes of the fleet that lives a week; 0 = none (5000)")
    parser.add_argument("--window", type=int, default=3600, metavar="S", help="seconds over which starts are spread (3600)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the seed (1)")
    parser.add_argument("--json", metavar="FILE", help="write all figures")
    options = parser.parse_args()
    sizes = [int(size) for size in options.nodes.split(",") if size]
    print("one rollout each, every poll simulated; peer: real time, and the smallest fleet")
    print(f"{'':<34}{'seconds':>9}{'CPU s':>9}{'upgrades/s':>12}{'virtual/real':>14}{'requests/s':>13}{'MiB':>9}{'growth':>9}")
    rows = []
    for nodes in sizes:
        rows.append(measure(options, nodes, ROLLOUT))
        show(f"{nodes:,} nodes, one rollout", rows[-1], rows[0])
    week = measure(options, options.week, WEEK) if options.week else None
    if week:
        show(f"{options.week:,} nodes, 7 days", week)
    aims = []
    if week and options.week == 5000:
        aims.append(("5,000 nodes for 7 days under 120 s", week["seconds"] < 120))
    for row in rows:
        if row["nodes"] == 100000:
            aims.append(("100,000 nodes under 180 s", row["seconds"] < 180))
            aims.append(("100,000 nodes under 4 GiB", row["memoryMost"] < 4 << 30))
    for name, is_met in aims:
        print(f"aim: {name}: {'met' if is_met else 'MISSED'}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump({"seed": options.seed, "window": options.window, "rollouts": rows, "week": week, "aims": dict(aims)}, stream, indent=2)


main()

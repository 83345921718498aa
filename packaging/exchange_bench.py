"""packaging/bench exchange: requests a second at the hub, beside a hello of its HTTP library and PostgreSQL's inserts in the same run.

Rounds of all take turns on both cores of a loopback, so that a busy machine slows all. The hub with many nodes is a copy of one with a
single node whose row is repeated in the database: registering 100,000 over HTTP would take longer than everything else.
"""
import argparse
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from exchange_servers import KINDS, PASSWORD, Hub, Postgres, Server, request, write_plan

# Aims, as ratios in one run.
AIMS = {"inserts": 0.4, "grouping": 20.0, "reads": 0.3, "nodes": 0.8, "memory": 300, "restart": 10.0, "fleet": 1.0}


def sync_milliseconds(folder):
    """Median of fdatasync after 4 KiB were appended."""
    times = []
    with open(os.path.join(folder, "sync"), "wb", buffering=0) as stream:
        for _ in range(200):
            stream.write(b"x" * 4096)
            start = time.perf_counter()
            os.fdatasync(stream.fileno())
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def load(options, port, plan, connections):
    """One measurement by the load generator."""
    command = [options.program, "load", plan, "--port", str(port), "--connections", str(connections), "--seconds", str(options.seconds)]
    figures = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    if figures["failures"]:
        sys.exit(f"error: {figures['failures']} requests of {os.path.basename(plan)} failed, the first with: {figures['failure']}")
    return figures


def measure(options, hubs, hello, postgres, folder):
    """All rounds: figures by what was measured, and those of PostgreSQL and of the disk."""
    found, inserts, syncs = {}, [], []
    plan = write_plan(folder, "hello", [request("GET", "/hello")], 200)
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        syncs.append(sync_milliseconds(folder))
        for connections in options.connections:
            found.setdefault(("hello", 0, connections), []).append(load(options, hello.port, plan, connections))
            for kind in KINDS:
                for hub in hubs:
                    found.setdefault((kind, hub.nodes, connections), []).append(load(options, hub.port, hub.plans[kind], connections))
            if connections == max(options.connections):
                inserts.append(postgres.inserts(options.seconds))
    return found, inserts, syncs


def sweep(options, hub, plan):
    """Begins to ask for every poller; tells the seconds until each had a good answer, and how often one had to try again."""
    command = [options.program, "sweep", plan, "--port", str(hub.port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def restart(options, hub):
    """How long all pollers wait for an answer: on a quiet hub, and from the moment when a stopped one is started again."""
    nodes = [f"n{number}" for number in range(min(hub.nodes, options.pollers))]
    plan = hub.plan("changes poll", nodes, 1)
    steady = json.loads(sweep(options, hub, plan).communicate()[0])
    hub.stop()
    asking = sweep(options, hub, plan)
    hub.start()
    again = json.loads(asking.communicate()[0])
    return {"pollers": len(nodes), "steady": steady["seconds"], "restart": again["seconds"], "retries": again["retries"]}


def fleet(options, hub):
    """Seconds that `uplift exchange nmp status` takes for all nodes at once (median of 5), and with one request for each (once)."""
    count = min(options.nodes)
    hub.add_statuses(count)
    environment = {**os.environ, "HZN_EXCHANGE_URL": f"http://127.0.0.1:{hub.port}/v1"}
    command = [options.uplift, "exchange", "nmp", "status", "-o", "demo", "-u", f"root/root:{PASSWORD}", "p"]

    def timed(*more):
        start = time.monotonic()
        answer = subprocess.run([*command, *more], check=True, stdout=subprocess.PIPE, env=environment)
        if len(json.loads(answer.stdout)) != count:
            sys.exit(f"error: nmp status shows {len(json.loads(answer.stdout))} nodes of {count}")
        return time.monotonic() - start

    return {"nodes": count, "atOnce": statistics.median(timed() for _ in range(5)), "eachNode": timed("--each-node")}


def middle(rounds, key="perSecond"):
    """Median of one figure over the rounds."""
    return statistics.median(one[key] for one in rounds)


def ratio(ours, theirs):
    """Median of the rounds' own ratios."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs))


def rates(found, *key):
    """The rates of each round."""
    return [one["perSecond"] for one in found[key]]


def judge(options, found, inserts, syncs, peaks, restarted, fleet_times):
    """Each aim with what was found; met is None where it does not apply."""
    few, many, most = min(options.nodes), max(options.nodes), max(options.connections)
    puts = rates(found, "status PUT", few, most)
    rows = [("status PUT / pgbench inserts", ratio(puts, inserts), AIMS["inserts"], "least")]
    grouping = ratio(puts, rates(found, "status PUT", few, 1)) if statistics.median(syncs) > 1 and 1 in options.connections else None
    rows.append((f"status PUT at {most} / at 1 connection, which has nothing to group", grouping, AIMS["grouping"], "least"))
    rows.append(("node GET / hello", ratio(rates(found, "node GET", few, most), rates(found, "hello", 0, most)), AIMS["reads"], "least"))
    if many > few:
        for kind in KINDS:
            here = ratio(rates(found, kind, many, most), rates(found, kind, few, most))
            rows.append((f"{kind} at {many:,} / at {few:,} nodes", here, AIMS["nodes"], "least"))
    rows.append((f"peak memory at {many:,} nodes, MiB", peaks[many], AIMS["memory"], "most"))
    rows.append((f"seconds of nmp status for {fleet_times['nodes']:,} nodes", fleet_times["atOnce"], AIMS["fleet"], "most"))
    if restarted:
        slowdown = restarted["restart"] / restarted["steady"]
        rows.append((f"restart / steady, {restarted['pollers']:,} pollers", slowdown, AIMS["restart"], "most"))
    return [
        {"name": name, "found": value, "aim": aim, "bound": bound, "met": None if value is None else (value >= aim) == (bound == "least")}
        for name, value, aim, bound in rows
    ]


def show(options, found, inserts, syncs, peaks, aims, restarted, fleet_times):
    """The tables."""
    print(f"median of {options.rounds} rounds of {options.seconds} s; both cores shared by server and load generator")
    print(f"{'':<14}{'nodes':>9}{'connections':>13}{'a second':>11}{'p50 ms':>9}{'p99 ms':>9}{'/ hello':>9}")
    for (kind, nodes, connections), rounds in sorted(found.items(), key=lambda one: (one[0][0], one[0][2], one[0][1])):
        beside = ratio([one["perSecond"] for one in rounds], rates(found, "hello", 0, connections))
        figures = f"{middle(rounds):>11,.0f}{middle(rounds, 'p50'):>9.2f}{middle(rounds, 'p99'):>9.2f}{beside:>9.2f}"
        print(f"{kind:<14}{nodes or '':>9}{connections:>13}{figures}")
    print(f"{'pgbench':<14}{'':>9}{64:>13}{statistics.median(inserts):>11,.0f}")
    memory = ", ".join(f"{size:.0f} MiB at {nodes:,} nodes" for nodes, size in peaks.items())
    print(f"fdatasync: {statistics.median(syncs):.2f} ms; peak memory: {memory}")
    if restarted:
        steady, again = restarted["steady"], restarted["restart"]
        print(f"{restarted['pollers']:,} pollers: all answered in {steady:.1f} s, after a restart in {again:.1f} s")
    at_once, each = fleet_times["atOnce"], fleet_times["eachNode"]
    print(f"nmp status for {fleet_times['nodes']:,} nodes: {at_once:.2f} s at once, {each:.1f} s with one request for each node")
    for aim in aims:
        value = "not applicable: the disk is too quick" if aim["met"] is None else f"{aim['found']:.2f}"
        verdict = "" if aim["met"] is None else (", met" if aim["met"] else ", MISSED")
        print(f"{aim['name']}: {value} (aim: at {aim['bound']} {aim['aim']:g}{verdict})")


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="packaging/bench exchange", description="Requests a second at the hub, beside its peers.")
    parser.add_argument("--program", help=argparse.SUPPRESS)
    parser.add_argument("--hub", help=argparse.SUPPRESS)
    parser.add_argument("--uplift", help=argparse.SUPPRESS)
    parser.add_argument("--nodes", type=int, nargs="+", default=[10_000, 100_000], metavar="N", help="registered nodes (10000 100000)")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16, 64], metavar="N", help="connections at once (1 16 64)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="rounds, of which the median is taken (3)")
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="how long each figure of a round is measured (2)")
    parser.add_argument("--pollers", type=int, default=10_000, metavar="N", help="nodes that poll through a restart, 0 for none (10000)")
    parser.add_argument("--folder", metavar="DIR", help="where databases are made, on the disk that is measured (TMPDIR)")
    parser.add_argument("--json", metavar="FILE", help="write all figures, each round's too")
    options = parser.parse_args()
    if min(*options.nodes, *options.connections, options.rounds) < 1 or options.seconds <= 0 or options.pollers < 0:
        parser.error("nodes, connections, rounds and seconds must be more than 0")
    return options


def raise_file_limit(wanted):
    """Pollers and the hub need a file for each connection. Returns how many there may be."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, hard), max(wanted, hard)))
    except (ValueError, PermissionError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def main():
    """Makes servers, measures, shows; exit code 1 when an aim was missed."""
    options = arguments()
    files = raise_file_limit(2 * options.pollers + 1000)
    options.pollers = min(options.pollers, (files - 1000) // 2)
    folder = tempfile.mkdtemp(prefix="uplift-bench.", dir=options.folder)
    running = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        print("preparing", file=sys.stderr)
        postgres = Postgres(folder)
        hello = Server([options.program, "hello", "--port-file", "{port_file}"], folder, "hello")
        hubs = [Hub(options.hub, folder, nodes) for nodes in sorted(options.nodes)]
        running += [postgres, hello, *hubs]
        postgres.start()
        hello.start()
        for hub in hubs:
            hub.prepare()
        found, inserts, syncs = measure(options, hubs, hello, postgres, folder)
        peaks = {hub.nodes: hub.peak() for hub in hubs}
        restarted = restart(options, hubs[0]) if options.pollers else None
        fleet_times = fleet(options, hubs[0])
    finally:
        for one in running:
            one.stop()
        shutil.rmtree(folder, ignore_errors=True)
    aims = judge(options, found, inserts, syncs, peaks, restarted, fleet_times)
    show(options, found, inserts, syncs, peaks, aims, restarted, fleet_times)
    if options.json:
        rows = [{"what": kind, "nodes": nodes, "connections": count, "rounds": rounds} for (kind, nodes, count), rounds in found.items()]
        everything = {"rows": rows, "inserts": inserts, "syncMilliseconds": syncs, "peakMiB": peaks, "restart": restarted, "fleet": fleet_times, "aims": aims}
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump(everything, stream, indent=2)
    sys.exit(1 if any(aim["met"] is False for aim in aims) else 0)


main()

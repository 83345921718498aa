"""packaging/bench footprint: what an idle agent costs a node, beside other updaters of Debian 12 in the same run.

The agent runs as a service manager starts it: `upliftd run` of an installed release, with NOTIFY_SOCKET, registered at a hub on the
loopback, with the product's own poll interval. A wake-up is a voluntary context switch of any thread. The kernel does not tell what woke
it, so the hub's count of requests does: a wake-up in a half second without a request, nor one in the half seconds around it, is no poll.
Idle there is no other deadline, and the sign of life for the watchdog is sent with the poll.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import sys
import tempfile
import time
import urllib.request

import bench_node
from bench_node import Watch
from bench_peers import Peers
from booted_container import eventually
from booted_hub import Hub

AIMS = {"pss": 24, "dirty": 6, "size": 24, "stray": 0, "contact": 100}
LOOK = 0.5
PEERS_SETTLE = 10


def requests(hub):
    """How many requests the hub had, without those for this number."""
    with urllib.request.urlopen(hub.url + "/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    counts = [line for line in lines if line.startswith("uplift_exchange_requests_total{") and 'route="metrics"' not in line]
    polls = sum(int(line.split()[-1]) for line in counts if "changes" in line and 'method="POST"' in line)
    return sum(int(line.split()[-1]) for line in counts), polls


def stray(watch, asked):
    """Wake-ups in looks without a request in them or beside them, by thread."""
    found = {}
    for index, step in enumerate(watch.steps):
        if sum(asked[max(0, index - 1) : index + 2]) == 0:
            for name, count in step.items():
                found[name] = found.get(name, 0) + count
    return found


def first_contact(node, starts):
    """Milliseconds from before the start of `upliftd run` until it connects, for each start."""
    times = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(20)
        node.point_to(f"http://127.0.0.1:{door.getsockname()[1]}")
        for _ in range(starts):
            before = time.perf_counter()
            node.start("run")
            try:
                visitor, _ = door.accept()
            except TimeoutError:
                sys.exit(f"error: the agent did not come to the exchange within 20 s of its start; see the end of its log: {tail(node.log)}")
            times.append((time.perf_counter() - before) * 1000)
            node.stop(kill=True)
            visitor.close()
    return times


def tail(file):
    """The end of a log."""
    with open(file, encoding="utf-8", errors="replace") as stream:
        return stream.read()[-2000:]


def settle(hub, node, options):
    """Registered, evaluated, and polling ever more slowly."""
    node.register()
    eventually("the agent's first poll", lambda: requests(hub)[1] > 0)
    # Before it gives back what only its start needed.
    begun = bench_node.memory(node.process.pid)
    deadline = time.monotonic() + options.settle
    while time.monotonic() < deadline:
        time.sleep(LOOK)
    return begun


def observe(options, hub, watches, signs):
    """Looks until the time is over; requests and polls of each look, and signs of life."""
    asked, polled, alive = [], [], 0
    before, start, number = requests(hub), time.monotonic(), 0
    while time.monotonic() - start < options.minutes * 60:
        if number % 120 == 0:
            for watch in watches:
                watch.remember()
        number += 1
        time.sleep(max(0, start + number * LOOK - time.monotonic()))
        for watch in watches:
            watch.look()
        now = requests(hub)
        asked.append(now[0] - before[0])
        polled.append(now[1] - before[1])
        before = now
        alive += drain(signs)
    for watch in watches:
        watch.remember()
    return asked, polled, alive, (time.monotonic() - start) / 60


def drain(signs):
    """How many signs of life lie at the socket."""
    count = 0
    while True:
        try:
            count += signs.recv(4096).startswith(b"WATCHDOG=1")
        except BlockingIOError:
            return count


def measure(options, folder):
    """All figures."""
    hub = Hub(options.bin, folder, options.scripts, polls_every_second=False)
    node, peers = None, Peers(folder)
    signs = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    signs.bind(folder + "/notify")
    signs.setblocking(False)
    try:
        (package,) = hub.build("build-release", "1.0.0", "--program", options.bin + "/upliftd")
        node = bench_node.Node(hub, folder, "node1", package).start("run", NOTIFY_SOCKET=folder + "/notify")
        print(f"settling for {options.settle:g} s", file=sys.stderr)
        begun = settle(hub, node, options)
        # Once without the peers: libraries that they use too count less.
        alone = bench_node.memory(node.process.pid)
        if not options.no_peers:
            peers.start()
        drain(signs)
        time.sleep(PEERS_SETTLE)
        watches = [Watch("upliftd run", node.process.pid, node.program, [alone])]
        watches += [Watch(name, process.pid, program) for name, (process, program) in peers.processes.items()]
        print(f"looking for {options.minutes:g} minutes", file=sys.stderr)
        asked, polled, alive, minutes = observe(options, hub, watches, signs)
        if node.process.poll() is not None:
            sys.exit(f"error: the agent ended while it was measured: {tail(node.log)}")
        peers.check()
        rows = [watch.figures(minutes) for watch in watches if watch.name not in peers.left_out]
        node.stop()
        times = first_contact(node, options.starts)
    finally:
        if node:
            node.stop()
        peers.stop()
        hub.stop()
    return {"minutes": minutes, "rows": rows, "leftOut": peers.left_out, "begun": begun, "requests": sum(asked), "polls": sum(polled), "signsOfLife": alive, "pssLooks": [one["Pss"] for one in watches[0].memory],
            "stray": stray(watches[0], asked), "contactMilliseconds": times}


def judge(found):
    """Each aim with what was found."""
    ours = found["rows"][0]
    rows = [("highest PSS, MiB", ours["pss"], "pss"), ("private dirty memory, MiB", ours["dirty"], "dirty"), ("stripped agent, MiB", ours["size"], "size"),
            ("wake-ups without a poll", sum(found["stray"].values()), "stray"),
            ("start to first contact, ms", statistics.median(found["contactMilliseconds"]), "contact")]
    # Of an agent that did not poll at all nothing is known.
    return [{"name": name, "found": value, "aim": AIMS[key], "met": value <= AIMS[key] and (key != "stray" or found["polls"] > 0)} for name, value, key in rows]


def show(found, aims):
    """The tables."""
    print(f"{found['minutes']:.1f} minutes; memory is the highest of a look a minute, in MiB; wake-ups are voluntary context switches of all threads")
    print(f"{'':<16}{'PSS':>8}{'dirty':>8}{'RSS':>8}{'program':>9}{'wake-ups/min':>14}{'CPU ms/min':>12}")
    for row in found["rows"]:
        memory = "".join(f"{row[key]:>8.1f}" for key in ("pss", "dirty", "rss"))
        print(f"{row['name']:<16}{memory}{row['size']:>9.1f}{row['wakeups']:>14.1f}{row['processorMilliseconds']:>12.1f}")
    for name, reason in found["leftOut"].items():
        print(f"LEFT OUT: {name}: {reason}")
    ours, (alone, *beside) = found["rows"][0], found["pssLooks"]
    print(f"before its first quiet poll, when it gives back what only the start needed, the agent had {found['begun']['Pss']:.1f} MiB PSS")
    print(f"PSS of the agent by who else uses its libraries: {alone:.1f} MiB before the peers were started, {min(beside):.1f} to {max(beside):.1f} after")
    each = f"{ours['wakeups'] * found['minutes'] / found['polls']:.1f} wake-ups for each" if found["polls"] else "so wake-ups for each cannot be told"
    by_thread = ", ".join(f"{name} {count}" for name, count in sorted(ours["byThread"].items(), key=lambda one: -one[1]))
    print(f"polls of the agent: {found['polls']} ({found['requests']} requests, {found['signsOfLife']} signs of life), {each}; by thread: {by_thread}")
    if found["stray"]:
        print("wake-ups without a poll, by thread: " + ", ".join(f"{name} {count}" for name, count in found["stray"].items()))
    times = found["contactMilliseconds"]
    print(f"start to first contact: {min(times):.0f} to {max(times):.0f} ms in {len(times)} starts with a warm cache")
    for aim in aims:
        print(f"{aim['name']}: {aim['found']:.1f} (aim: at most {aim['aim']}, {'met' if aim['met'] else 'MISSED'})")


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="packaging/bench footprint", description="What an idle agent costs, beside its peers.")
    parser.add_argument("--bin", help=argparse.SUPPRESS)
    parser.add_argument("--scripts", help=argparse.SUPPRESS)
    parser.add_argument("--minutes", type=float, default=10, metavar="N", help="how long is looked (10)")
    parser.add_argument("--settle", type=float, default=60, metavar="S", help="seconds between registration and the first look (60)")
    parser.add_argument("--starts", type=int, default=9, metavar="N", help="starts to the first contact, of which the median is taken (9)")
    parser.add_argument("--no-peers", action="store_true", help="the agent alone")
    parser.add_argument("--json", metavar="FILE", help="write all figures")
    options = parser.parse_args()
    if options.minutes <= 0 or options.settle < 0 or options.starts < 1:
        parser.error("minutes and starts must be more than 0")
    return options


def main():
    """Measures, shows; exit code 1 when an aim was missed."""
    options = arguments()
    folder = tempfile.mkdtemp(prefix="uplift-bench.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        found = measure(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    aims = judge(found)
    show(found, aims)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump({**found, "aims": aims}, stream, indent=2)
    sys.exit(0 if all(aim["met"] for aim in aims) else 1)


main()

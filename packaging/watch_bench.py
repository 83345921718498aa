"""packaging/bench watch: a hub's watch over many nodes that send heartbeats over HTTP, some of which fall silent.

The nodes are registered through the API and poll as agents do, each at its own moment of the interval, over a few connections. One of them
says that it installs, for longer than the bound. Then some fall silent. Nobody else may ever be named; times are told and not judged.
"""
import argparse
import base64
import http.client
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from datetime import datetime

from exchange_servers import PASSWORD, TOKEN, Server

STUCK = "n0"


def header(identity, secret):
    """Who asks."""
    return {"Authorization": "Basic " + base64.b64encode(f"{identity}:{secret}".encode()).decode(), "Content-Type": "application/json"}


class Connection:
    """One that stays open."""

    def __init__(self, port):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def call(self, method, path, body, headers, wanted):
        """The answer's bytes."""
        self.line.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.line.getresponse()
        data = answer.read()
        if answer.status != wanted:
            sys.exit(f"error: {method} {path}: {answer.status} {data[:200]!r}")
        return data


def health(number):
    """What a node tells of itself when the hub asks."""
    work = {"uptimeSeconds": 9000.5, "fetchedBytes": 29_000_000, "fetchedBytesPerSecond": number / 7, "transactions": 40}
    return {
        "health": {
            "ping": {"node": f"demo/n{number}", "time": "2026-01-01T00:00:00Z", "version": "1.0.0"}, "versions": {"software": "1.0.0"},
            "machine": {"load": [number % 90 / 10, 0.5, 0.5], "memoryBytes": 1 << 30, "availableMemoryBytes": 1 << 29,
                        "residentBytes": 9_000_000 + number, "freeDiskBytes": (1 << 33) - number},
            "work": work | {"transactionsPerSecond": 0.1, "polls": 450, "failedPolls": 1}, "outbox": number % 3, "undeliverable": 0,
            "lastGoodContact": "2026-01-01T00:00:00Z", "isOnTrial": False, "jobs": [],
        }
    }


class Fleet:
    """Nodes that poll once in each interval, and what they did."""

    def __init__(self, port, options):
        self.port, self.interval, self.count = port, options.interval, options.nodes
        self.silent, self.is_over, self.beats, self.reports, self.lag = set(), False, 0, 0, 0.0
        self.connections, self.threads, self.failure = options.connections, [], None

    def share(self, index):
        """The nodes of one connection."""
        return range(index, self.count, self.connections)

    def everywhere(self, work):
        """Runs it on all connections at once, each with its own share."""
        self.threads = [threading.Thread(target=self.guard, args=(work, index), daemon=True) for index in range(self.connections)]
        for thread in self.threads:
            thread.start()

    def guard(self, work, index):
        """A thread that ends in silence would make a silent node."""
        try:
            work(index)
        except BaseException as error:  # sys.exit too: it would only end the thread
            self.failure = self.failure or error

    def wait(self):
        """Until all is done."""
        for thread in self.threads:
            thread.join()
        self.check()

    def check(self):
        """Stops the program when one of the connections has failed."""
        if self.failure:
            sys.exit(f"error: a connection of the nodes failed: {self.failure}")

    def register(self, index):
        """All nodes of a connection; none is heard by that."""
        line, root = Connection(self.port), header("root/root", PASSWORD)
        for number in self.share(index):
            body = {"token": TOKEN, "name": f"n{number}", "pattern": "", "publicKey": "key", "softwareVersions": {"horizon": "1.0.0"}}
            line.call("PUT", f"/v1/orgs/demo/nodes/n{number}?noheartbeat=true", body, root, 201)

    def beat(self, index):
        """Polls round and round, each node at its own moment."""
        line, begin, turn = Connection(self.port), time.monotonic(), 0
        headers = {number: header(f"demo/n{number}", TOKEN) for number in self.share(index)}
        while not self.is_over:
            for number in self.share(index):
                if self.is_over:
                    return
                due = begin + (turn + number / self.count) * self.interval
                time.sleep(max(0, due - time.monotonic()))
                self.lag = max(self.lag, time.monotonic() - due)
                if f"n{number}" not in self.silent:
                    answer = line.call("POST", "/v1/orgs/demo/changes", {"changeId": 1, "maxRecords": 1}, headers[number], 201)
                    self.beats += 1
                    if b'"health"' in answer:
                        line.call("POST", f"/v1/orgs/demo/nodes/n{number}/selfReport", health(number), headers[number], 201)
                        self.reports += 1
            turn += 1


class Watcher:
    """Asks for the report again and again, and holds each look against what the fleet did."""

    def __init__(self, port, fleet, options):
        self.line, self.fleet, self.options, self.root = Connection(port), fleet, options, header("root/root", PASSWORD)
        self.seconds, self.bytes, self.looks, self.wrong, self.first, self.stuck = [], 0, {}, [], {}, None

    def ask(self, query=""):
        """One report; its time and its look are noted."""
        begin = time.monotonic()
        data = self.line.call("GET", "/v1/admin/fleet/report" + query, None, self.root, 200)
        if not query:
            self.seconds.append(time.monotonic() - begin)
            self.bytes = len(data)
        report = json.loads(data)
        self.looks[report["look"]["number"]] = report["look"]["took"]
        return report

    def watch(self, seconds, until=lambda report: False):
        """Reports once a second, each of them judged, until it is so or the time is over; true when it is so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.fleet.check()
            report = self.ask()
            self.judge(report)
            if until(report):
                return True
            time.sleep(1)
        return False

    def judge(self, report):
        """Notes who is named rightly for the first time, and everybody who is named wrongly."""
        for node in report["nodes"]:
            name, state = node["node"].split("/")[1], node["state"]
            if state == "ok":
                continue
            age = (moment(report["look"]["began"]) - moment(node["lastHeartbeat"])) / self.options.interval if "lastHeartbeat" in node else 0
            if name == STUCK and state == "stalled" and "'demo/p' is 'initiated'" in node["reason"]:
                self.stuck = self.stuck or node["reason"]
            elif name in self.fleet.silent and state in ("late", "unreachable") and age > (1 if state == "late" else 2):
                self.first.setdefault((state, name), age)
            else:
                self.wrong.append(f"{name} {state}: {node['reason']}")


def moment(text):
    """Seconds."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def cpu(process):
    """Seconds that a program has computed so far."""
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as line:
        fields = line.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def prepare(hub, fleet):
    """An org with the interval, a policy, and all nodes. Returns how long the nodes took."""
    line, root = Connection(hub.port), header("root/root", PASSWORD)
    pace = {"minInterval": fleet.interval, "maxInterval": fleet.interval, "intervalAdjustment": 0}
    line.call("POST", "/v1/orgs/demo", {"label": "Demo", "description": "an org", "heartbeatIntervals": pace}, root, 201)
    policy = {"label": "p", "enabled": True, "start": "now", "properties": [], "constraints": ["a == b"]}
    line.call("POST", "/v1/orgs/demo/managementpolicies/p", policy, root, 201)
    begin = time.monotonic()
    fleet.everywhere(fleet.register)
    fleet.wait()
    return time.monotonic() - begin


def say_initiated(hub):
    """The job of one node begins, and never ends."""
    status = {"agentUpgradePolicyStatus": {"scheduledTime": "t", "status": "initiated"}}
    path = f"/v1/orgs/demo/nodes/{STUCK}/managementStatus/p"
    Connection(hub.port).call("PUT", path, status, header("demo/" + STUCK, TOKEN), 201)


def look_alone(hub, watcher, looks=6):
    """Seconds of computing for one look of a hub that does nothing else: nobody polls any more."""
    first = watcher.ask("?nodes=false")["look"]["number"]
    before = cpu(hub.process)
    while (found := watcher.ask("?nodes=false")["look"]["number"]) < first + looks:
        time.sleep(0.5)
    return (cpu(hub.process) - before) / (found - first)


def measure(options, hub):
    """The whole run: figures by name, and what is wrong."""
    fleet = Fleet(hub.port, options)
    figures = {"registrationSeconds": prepare(hub, fleet)}
    watcher = Watcher(hub.port, fleet, options)
    fleet.everywhere(fleet.beat)
    print("waiting until all nodes were heard", file=sys.stderr)
    deadline = time.monotonic() + 5 * options.interval
    while watcher.ask("?nodes=false")["counts"]["ok"] < options.nodes:
        fleet.check()
        if time.monotonic() > deadline:
            sys.exit("error: not all nodes were heard within five intervals")
        time.sleep(1)
    say_initiated(hub)
    begin, before, beats, reports = time.monotonic(), cpu(hub.process), fleet.beats, fleet.reports
    watcher.watch(2 * options.interval)
    fleet.silent.update(f"n{number}" for number in random.Random(1).sample(range(1, options.nodes), options.silent))
    print(f"{options.silent} nodes fall silent", file=sys.stderr)
    all_gone = watcher.watch(10 * options.interval, lambda report: report["counts"]["unreachable"] == options.silent and watcher.stuck)
    seconds = time.monotonic() - begin
    figures |= {"share": (cpu(hub.process) - before) / seconds, "requestsPerSecond": (fleet.beats - beats) / seconds}
    figures["reportsPerSecond"] = (fleet.reports - reports) / seconds
    fleet.is_over = True
    fleet.wait()
    # What is not asked for any more is not judged any more: everybody is silent now.
    figures |= {"lookProcessorSeconds": look_alone(hub, watcher), "lag": fleet.lag, "looks": watcher.looks, "report": watcher.seconds}
    figures |= {"reportBytes": watcher.bytes, "wrong": watcher.wrong, "stalled": watcher.stuck, "peakMiB": hub.peak()}
    figures |= {state: [age for (found, _), age in watcher.first.items() if found == state] for state in ("late", "unreachable")}
    named = len(figures["late"]) == len(figures["unreachable"]) == options.silent
    figures["isRight"] = bool(all_gone and named and watcher.stuck and not watcher.wrong)
    return figures


def spread(values, digits=2):
    """Least, median, most."""
    return f"{min(values):.{digits}f} / {statistics.median(values):.{digits}f} / {max(values):.{digits}f}" if values else "none"


def show(options, figures):
    """The figures in words."""
    took = list(figures["looks"].values())
    print(f"{options.nodes:,} nodes registered in {figures['registrationSeconds']:.0f} s; each polls every {options.interval} s")
    print(f"bounds: one or two intervals and {options.slack} s; a look every {options.watch_interval} s or so")
    print(f"{figures['requestsPerSecond']:.0f} polls and {figures['reportsPerSecond']:.0f} self reports a second on {options.connections} connections cost the hub {figures['share']:.0%} of a core, looks included")
    print("the following as least / median / most:")
    print(f"  a look, s: {spread(took, 3)} in {len(took)} looks; {figures['lookProcessorSeconds']:.3f} s of a core when the hub does nothing else")
    print(f"  a report of all nodes, s: {spread(figures['report'], 3)}; {figures['reportBytes'] / 1e6:.1f} MB")
    for state in ("late", "unreachable"):
        print(f"  found {state} after the last heartbeat, intervals: {spread(figures[state])} of {len(figures[state])} nodes")
    print(f"stalled: {figures['stalled'] or 'NOT FOUND'}")
    print(f"wrongly named: {len(figures['wrong'])}" + "".join(f"\n  {text}" for text in figures["wrong"][:10]))
    print(f"peak memory of the hub: {figures['peakMiB']:.0f} MiB")
    if figures["lag"] > options.slack / 2:
        print(f"note: the nodes polled up to {figures['lag']:.1f} s late: this client is the bottleneck; fewer nodes or a longer --interval help")


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="packaging/bench watch", description="A hub's watch over many nodes, some of which fall silent.")
    parser.add_argument("--hub", help=argparse.SUPPRESS)
    parser.add_argument("--nodes", type=int, default=10_000, metavar="N", help="registered nodes (10000)")
    parser.add_argument("--silent", type=int, default=100, metavar="N", help="how many of them fall silent (100)")
    parser.add_argument("--interval", type=int, default=20, metavar="S", help="seconds between two polls of a node (20)")
    parser.add_argument("--slack", type=int, default=5, metavar="S", help="seconds that a heartbeat may be late (5)")
    parser.add_argument("--watch-interval", type=int, default=5, metavar="S", help="seconds between two looks (5)")
    parser.add_argument("--connections", type=int, default=8, metavar="N", help="connections of all nodes together (8)")
    parser.add_argument("--json", metavar="FILE", help="write all figures")
    options = parser.parse_args()
    if not 0 < options.silent < options.nodes or min(options.interval, options.slack, options.watch_interval, options.connections) < 1:
        parser.error("there must be more nodes than silent ones, and all numbers must be more than 0")
    return options


def main():
    """Runs, shows; exit code 1 when somebody was named wrongly or not named."""
    options = arguments()
    folder = tempfile.mkdtemp(prefix="uplift-bench.")
    command = [options.hub, "serve", "--root", folder + "/hub", "--listen", "127.0.0.1:{port}", "--port-file", "{port_file}"]
    command += ["--watch-interval", str(options.watch_interval), "--bound-slack", str(options.slack), "--bound-install", str(options.interval)]
    hub = Server(command, folder, "hub")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        figures = measure(options, hub.start())
    finally:
        hub.stop()
        shutil.rmtree(folder, ignore_errors=True)
    show(options, figures)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump(figures, stream, indent=2)
    sys.exit(0 if figures["isRight"] else 1)


main()

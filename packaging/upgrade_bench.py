"""packaging/bench upgrade: an upgrade by 29 MB through hub, agent and installer, beside the steps that Open Horizon does with them.

Ours counts from the moment when the hub hears *downloaded* until it hears *successful*: everything of the installer and the trial of the new
agent, with what it syncs. With strategy deb that includes dpkg, whose own time with the same package is the peer. Theirs are the bare steps, one after the other: copy and verify with openssl, untar, back up the installed files one
by one, dpkg -i. They start no agent, try nothing and cannot go back by themselves. Rounds of both take turns.
"""
import argparse
import json
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time

import bench_node
from bench_packages import Content, Reference, install_first
from booted_hub import Hub

AIM, DEB_AIM = 0.35, 1.2
BETWEEN_LOOKS = 0.05
FAILURES = {"download failed", "precheck failed", "failed"}


class Ours:
    """The product: a node with supervisor, and its hub."""

    def __init__(self, hub, folder, package):
        self.hub = hub
        self.node = bench_node.Node(hub, folder, "node1", package)

    def start(self):
        """Runs, registered."""
        self.node.start("supervise").register()
        return self

    def round(self, content, package):
        """Seconds between the words at the hub; those on a processor of supervisor, agents, installer and health command."""
        policy = "to-" + content.version
        used = self._processor()
        # A policy counts as published when its command has returned.
        self.hub.offer(content.version, policy, package)
        published, moments, records, looks = time.time(), {}, {}, [used]
        deadline = time.monotonic() + 180
        while "successful" not in moments:
            if time.monotonic() > deadline or FAILURES & set(moments):
                last = self.hub.history("node1")["history"][-1:]
                raise SystemExit(f"error: the upgrade to {content.version} did not succeed; the hub heard {list(moments)}, at last {json.dumps(last)}")
            time.sleep(BETWEEN_LOOKS)
            # Two looks before the word was seen: at that moment it had not been said for certain.
            if "downloaded" not in moments:
                looks = [*looks[-1:], self._processor()]
            records.update(self.node.journal())
            moments = self._moments(policy)
        now = self._processor()
        return {"wall": moments["successful"] - moments["downloaded"], "processor": now - looks[0], "fromPublished": moments["successful"] - published,
                "processorFromPublished": now - used, "words": {word: moment - published for word, moment in moments.items()},
                "records": {step: moment - published for step, moment in records.items()}, "size": os.path.getsize(package)}

    def _processor(self):
        return bench_node.processor_seconds(self.node.process.pid)

    def _moments(self, policy):
        """When the hub heard each word first."""
        found = {}
        for row in self.hub.history("node1")["history"]:
            if row["policy"] == f"demo/{policy}":
                found.setdefault(row["body"]["agentUpgradePolicyStatus"]["status"], bench_node.instant(row["received"]))
        return found


def measure(options, folder):
    """All rounds; ours and theirs in turns, one strategy after the other."""
    print("preparing", file=sys.stderr)
    hub, ours = Hub(options.bin, folder, options.scripts), None
    try:
        contents = [Content(hub, number, options) for number in range(options.rounds + 2)]
        theirs = Reference(hub, contents[0], contents[1])
        ours = Ours(hub, folder, contents[0].upgrade_package()).start()
        rounds = []
        for number in range(1, options.rounds + 1):
            print(f"round {number} of {options.rounds}", file=sys.stderr)
            rounds.append((ours.round(contents[number], contents[number].upgrade_package()), theirs.round(number)))
    finally:
        if ours:
            ours.node.stop()
        hub.stop()
    files, size = contents[1].facts()
    return {"files": files, "bytes": size, "packageBytes": rounds[0][0]["size"], "referenceBytes": theirs.size, "compression": options.compression,
            "rounds": [{"ours": mine, "reference": other} for mine, other in rounds], "deb": measure_deb(options, folder + "/deb", contents)}


def measure_deb(options, folder, contents):
    """The same with strategy deb, after an upgrade that leaves the installed package at hand as the way back."""
    os.mkdir(folder)
    hub, ours = Hub(options.bin, folder, options.scripts), None
    try:
        theirs = Reference(hub, contents[0], contents[1])
        ours = Ours(hub, folder, contents[0].upgrade_with_debian_package())
        install_first(ours.node.root, contents[0].debian_package()[1])
        ours.start().round(contents[1], contents[1].upgrade_with_debian_package())
        rounds = []
        for number in range(2, options.rounds + 2):
            print(f"round {number - 1} of {options.rounds}, strategy deb", file=sys.stderr)
            rounds.append({"ours": ours.round(contents[number], contents[number].upgrade_with_debian_package()), "reference": theirs.round(number)})
        return {"rounds": rounds}
    finally:
        if ours:
            ours.node.stop()
        hub.stop()


def judge(found):
    """The median of each round's own ratio."""
    aims = []
    for name, key in (("wall", "wall"), ("CPU", "processor")):
        ratio = statistics.median(one["ours"][key] / one["reference"][key] for one in found["rounds"])
        aims.append({"name": f"{name}, ours / the reference's steps", "found": ratio, "aim": AIM, "met": ratio <= AIM})
    ratio = statistics.median(one["ours"]["wall"] / one["reference"]["steps"]["install"] for one in found["deb"]["rounds"])
    return aims + [{"name": "wall with strategy deb, ours / dpkg alone", "found": ratio, "aim": DEB_AIM, "met": ratio <= DEB_AIM}]


def instants(found, kind):
    """Median instants after publishing; what a look came too late for in every round is left out."""
    rounds = [one["ours"][kind] for one in found["rounds"]]
    names = dict.fromkeys(name for one in rounds for name in one)
    return ", ".join(f"{name} {statistics.median(one[name] for one in rounds if name in one):.2f}" for name in names)


def show(found, aims):
    """The tables."""
    print(f"{found['files']} files of {found['bytes'] / 1e6:.0f} MB; our package {found['packageBytes'] / 1e6:.1f} MB (zstd), theirs "
          f"{found['referenceBytes'] / 1e6:.1f} MB (.deb with {found['compression']} in tar.gz); median of {len(found['rounds'])} rounds, range in brackets")
    print(f"{'':<44}{'wall s':>22}{'CPU s':>22}")
    rows = [("ours, downloaded to successful", "ours", "wall", "processor"), ("ours, published to successful", "ours", "fromPublished", "processorFromPublished"),
            ("theirs, all steps", "reference", "wall", "processor")]
    for name, side, wall, processor in rows:
        cells = []
        for key in (wall, processor):
            values = [one[side][key] for one in found["rounds"]]
            cells.append(f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})")
        print(f"{name:<44}{cells[0]:>22}{cells[1]:>22}")
    for step in found["rounds"][0]["reference"]["steps"]:
        print(f"{'  ' + step:<44}{statistics.median(one['reference']['steps'][step] for one in found['rounds']):>17.2f}")
    for name, part in (("", found), (", strategy deb", found["deb"])):
        print(f"seconds after publishing{name}: {instants(part, 'words')}")
        print(f"records of the installer{name}: {instants(part, 'records')}")
    alone = statistics.median(one["reference"]["steps"]["install"] for one in found["deb"]["rounds"])
    print(f"strategy deb, downloaded to successful: {statistics.median(one['ours']['wall'] for one in found['deb']['rounds']):.2f} s; dpkg alone {alone:.2f} s")
    for aim in aims:
        print(f"{aim['name']}: {aim['found']:.2f} (aim: at most {aim['aim']}, {'met' if aim['met'] else 'MISSED'})")


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="packaging/bench upgrade", description="Time and CPU of an upgrade, beside its peer.")
    parser.add_argument("--bin", help=argparse.SUPPRESS)
    parser.add_argument("--scripts", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds, of which the median is taken (5)")
    parser.add_argument("--megabytes", type=float, default=29, metavar="M", help="size of our package (29)")
    parser.add_argument("--files", type=int, default=160, metavar="N", help="files of the filler (160)")
    parser.add_argument("--compression", choices=["xz", "zstd", "gzip"], default="xz", help="of their .deb (xz, as dpkg-deb of Debian 12 does by itself)")
    parser.add_argument("--folder", metavar="DIR", help="where all is made, on the disk that is measured (TMPDIR)")
    parser.add_argument("--json", metavar="FILE", help="write all figures, each round's too")
    options = parser.parse_args()
    if min(options.rounds, options.files) < 1 or options.megabytes <= 0:
        parser.error("rounds, files and megabytes must be more than 0")
    return options


def main():
    """Measures, shows; exit code 1 when an aim was missed."""
    options = arguments()
    folder = tempfile.mkdtemp(prefix="uplift-bench.", dir=options.folder)
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

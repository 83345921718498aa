"""A node of the release build in a scratch folder, and what the kernel counts of its processes; for packaging/bench."""
import datetime
import glob
import json
import os
import shutil
import socket
import subprocess

from booted_container import eventually
from booted_hub import PASSWORD

TICK = os.sysconf("SC_CLK_TCK")


class Node:
    """A node registered at a hub, with the first release installed, whose agent or supervisor is this program's child."""

    def __init__(self, hub, folder, name, package):
        self.hub, self.name, self.root = hub, name, os.path.join(folder, name)
        self.process = None
        self.log = os.path.join(folder, name + ".log")
        os.makedirs(self.root + "/etc/default")
        os.makedirs(self.root + "/etc/uplift/trusted-keys.d")
        shutil.copy(hub.public, self.root + "/etc/uplift/trusted-keys.d/bench.pem")
        self.point_to(hub.url)
        subprocess.run([hub.programs + "/upliftd", "install", "--first", package, "--root", self.root], check=True, stdout=subprocess.DEVNULL)
        # The stripped program of the release, as it runs on a node.
        self.program = os.path.join(self.root, "var/lib/uplift/current/software/bin/upliftd")

    def point_to(self, url):
        """The settings that every node needs, and no other."""
        with open(self.root + "/etc/default/horizon", "w", encoding="ascii") as stream:
            stream.write(f"HZN_EXCHANGE_URL={url}/v1\nHZN_FSS_CSSURL={url}\nHZN_AGENT_PORT=0\n")

    def start(self, command, **environment):
        """Starts `run` or `supervise`; does not wait for anything."""
        with open(self.log, "ab") as log:
            words = [self.program, command, "--root", self.root]
            self.process = subprocess.Popen(words, stdout=log, stderr=log, env={**os.environ, **environment})
        return self

    def register(self):
        """At the hub, once the agent answers."""
        eventually("the agent's socket", self.status)
        secret = "node-token-of-a-test-0123456789"
        self.hub.uplift("register", "--root", self.root, "-o", "demo", "-n", f"{self.name}:{secret}", "-u", f"admin:{PASSWORD}")

    def status(self):
        """What the agent says of itself; none while it does not answer."""
        try:
            with socket.socket(socket.AF_UNIX) as door:
                door.settimeout(5)
                door.connect(self.root + "/run/uplift/agent.sock")
                door.sendall(b"GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                answer = b"".join(iter(lambda: door.recv(65536), b""))
            return json.loads(answer.partition(b"\r\n\r\n")[2])
        except (OSError, ValueError):
            return None

    def journal(self):
        """When the installer of the job that is open wrote each of its records: slots of 1 KiB with a head of 10 bytes before the JSON."""
        found = {}
        for file in glob.glob(self.root + "/var/lib/uplift/jobs/*/journal"):
            try:
                with open(file, "rb") as stream:
                    slots = list(iter(lambda: stream.read(1024), b""))
                for slot in slots:
                    if slot.startswith(b"UPJ1"):
                        record = json.loads(slot[10:].rstrip(b"\0"))
                        found[next(iter(record["step"]))] = instant(record["at"])
            except (FileNotFoundError, ValueError):
                # Gone with its job, or a slot is just being written.
                continue
        return found

    def stop(self, kill=False):
        """As an operator does, or without a warning."""
        if self.process and self.process.poll() is None:
            if kill:
                self.process.kill()
            else:
                self.process.terminate()
            self.process.wait()
        self.process = None


def instant(text):
    """Seconds since 1970 of a time as our documents have it; Python reads no nanoseconds."""
    return datetime.datetime.fromisoformat(text[:19] + "+00:00").timestamp() + float("0" + text[19:].rstrip("Z"))


def read(path):
    """The text of a file below /proc; empty when its process has just gone."""
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def family(pid):
    """A process and all that descend from it."""
    found = [pid]
    for task in threads(pid):
        for child in read(f"/proc/{pid}/task/{task}/children").split():
            found += family(int(child))
    return found


def threads(pid):
    """Numbers of a process' threads."""
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]
    except FileNotFoundError:
        return []


def memory(pid):
    """PSS, private dirty and resident memory in MiB, of a process and its children together."""
    sums = dict.fromkeys(("Pss", "Private_Dirty", "Rss"), 0)
    for one in family(pid):
        for line in read(f"/proc/{one}/smaps_rollup").splitlines():
            key = line.partition(":")[0]
            if key in sums:
                sums[key] += int(line.split()[1])
    return {key: value / 1024 for key, value in sums.items()}


def switches(pid):
    """Voluntary context switches of every thread of a process and its children: how often each had nothing to do, so how often it was woken."""
    found = {}
    for one in family(pid):
        for task in threads(one):
            text = read(f"/proc/{one}/task/{task}/status")
            lines = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
            if "voluntary_ctxt_switches" in lines:
                found[task] = (lines["Name"].strip(), int(lines["voluntary_ctxt_switches"]))
    return found


def processor_seconds(pid):
    """Time on a processor of a process, of its children and of those that it has waited for, to 10 ms."""
    total = 0
    for one in family(pid):
        fields = read(f"/proc/{one}/stat").rpartition(")")[2].split()
        total += sum(map(int, fields[11:15])) if fields else 0
    return total / TICK


def running_nanoseconds(pid):
    """Time on a processor of every living thread of a process and its children; finer than a tick, for those that hardly run."""
    return {task: int((read(f"/proc/{one}/task/{task}/schedstat") or "0").split()[0]) for one in family(pid) for task in threads(one)}


class Watch:
    """What one process did between two looks; a thread that ends within one look is not seen."""

    def __init__(self, name, pid, program, memory=()):
        self.name, self.pid = name, pid
        self.size = os.path.getsize(os.path.realpath(program)) / 2**20
        self.last = switches(pid)
        self.steps, self.memory = [], list(memory)
        self.processor = running_nanoseconds(pid)

    def look(self):
        """The wake-ups since the last look."""
        now = switches(self.pid)
        self.steps.append({})
        for task, (name, count) in now.items():
            more = count - self.last.get(task, (name, 0))[1]
            if more:
                self.steps[-1][name] = self.steps[-1].get(name, 0) + more
        self.last = now

    def remember(self):
        """Memory, now and then: looking at it costs more than the rest."""
        self.memory.append(memory(self.pid))

    def figures(self, minutes):
        """Everything for a minute; memory as its highest."""
        woken = {}
        for step in self.steps:
            for name, count in step.items():
                woken[name] = woken.get(name, 0) + count
        peak = {key: max(one[key] for one in self.memory) for key in self.memory[0]}
        now = running_nanoseconds(self.pid)
        processor = sum(count - self.processor.get(task, 0) for task, count in now.items()) / minutes
        return {"name": self.name, "pss": peak["Pss"], "dirty": peak["Private_Dirty"], "rss": peak["Rss"], "size": self.size,
                "wakeups": sum(woken.values()) / minutes, "byThread": woken, "processorMilliseconds": processor / 1e6}

"""packaging/booted-node: upgrades and rollbacks on a booted Debian 12 with systemd, also with the machine killed in the middle."""
import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time

import booted_dpkg
import statuses
from booted_container import Container, base_tree, eventually
from booted_hub import PASSWORD, Hub

ROLLED_BACK = ["failed", "rollback started", "rollback successful"]
SETTINGS = """HZN_EXCHANGE_URL={url}/v1
HZN_FSS_CSSURL={url}
HZN_AGENT_PORT=0
"""
# Times that suit a test.
QUICK = """poll-interval-seconds=0.5
poll-interval-max-seconds=0.5
retry-first-delay-seconds=0.2
retry-delay-max-seconds=0.5
probe-pause-seconds=0.5
"""


class Node:
    """One booted node with Uplift's packages, registered at the hub."""

    def __init__(self, hub, container, install):
        self.hub, self.container, self.name = hub, container, "node1"
        self.is_reported = False
        etc = container.path("/etc")
        os.makedirs(etc + "/uplift/trusted-keys.d", exist_ok=True)
        shutil.copy(hub.public, etc + "/uplift/trusted-keys.d/test.pem")
        with open(etc + "/default/horizon", "w", encoding="ascii") as stream:
            stream.write(SETTINGS.format(url=hub.url))
        with open(etc + "/uplift/test.conf", "w", encoding="ascii") as stream:
            stream.write(QUICK)
        container.boot()
        install(container)
        eventually("the agent's socket", lambda: self.status())
        token = "node-token-of-a-test-0123456789"
        container.run("uplift", "register", "-o", "demo", "-n", f"{self.name}:{token}", "-u", f"admin:{PASSWORD}")

    def status(self):
        """What the agent says of itself; none while it does not answer."""
        text = self.container.output("curl", "-sS", "--unix-socket", "/run/uplift/agent.sock", "http://localhost/status")
        try:
            return json.loads(text)
        except ValueError:
            return None

    def running(self):
        """The version that answers."""
        status = self.status()
        return status["configuration"]["horizon_version"] if status else None

    def links(self):
        """Where `current` and `recover` point."""
        return [os.readlink(self.container.path(f"/var/lib/uplift/{name}")) for name in ("current", "recover")]

    def expect(self, policy, words, version):
        """Waits for the last word; then every word, the version, the links and the unit must be right.

        The hub knows the version from the node's first successful upgrade on.
        """
        def ended():
            return self.hub.words(self.name, policy)[-1:] == words[-1:]
        try:
            eventually(f"'{words[-1]}' of {policy}", ended, 180)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; heard: {self.hub.words(self.name, policy)}") from error
        heard = self.hub.words(self.name, policy)
        if heard != words:
            raise AssertionError(f"{policy}: heard {heard}, expected {words}")
        self.is_reported = self.is_reported or words == statuses.GOOD
        if self.is_reported:
            eventually(f"version {version} at the hub", lambda: self.hub.version(self.name) == version)
        eventually(f"an answer of version {version}", lambda: self.running() == version)
        eventually("equal links", lambda: len(set(self.links())) == 1)
        if self.container.output("systemctl", "is-active", "upliftd.service") != "active":
            raise AssertionError("upliftd.service is not active")


def good(node, version):
    """An upgrade through systemd's stop and start."""
    before = node.container.run("systemctl", "show", "-p", "MainPID", "upliftd.service")
    node.hub.publish(version, f"to-{version}")
    node.expect(f"to-{version}", statuses.GOOD, version)
    if node.container.run("systemctl", "show", "-p", "MainPID", "upliftd.service") == before:
        raise AssertionError("the agent was not restarted")


def does_not_start(node, version, old, folder):
    """A program that ends at once, three times."""
    program = os.path.join(folder, "broken")
    with open(program, "w", encoding="ascii") as stream:
        stream.write("#!/bin/sh\nexit 3\n")
    os.chmod(program, 0o755)
    node.hub.publish(version, f"to-{version}", "--program", program, "--as-is")
    node.expect(f"to-{version}", statuses.GOOD[:4] + ROLLED_BACK, old)


def cannot_be_executed(node, version, old, folder):
    """A program for no machine."""
    program = os.path.join(folder, "garbage")
    with open(program, "wb") as stream:
        stream.write(b"\x7fELF" + bytes(100))
    os.chmod(program, 0o755)
    node.hub.publish(version, f"to-{version}", "--program", program, "--as-is")
    node.expect(f"to-{version}", statuses.GOOD[:4] + ROLLED_BACK, old)


def fails_health(node, version, old):
    """A program that runs, and whose health command fails."""
    node.hub.publish(version, f"to-{version}", "--health", '["bin/upliftd","no-such-command"]')
    node.expect(f"to-{version}", statuses.GOOD[:4] + ROLLED_BACK, old)


def killed(node, version, old, chance):
    """A good or a bad upgrade with the machine killed somewhere in the middle; tells what it was."""
    is_good = chance.random() < 0.7
    options = [] if is_good else ["--health", '["bin/upliftd","no-such-command"]']
    delay = chance.uniform(0, 2.2)
    node.hub.publish(version, f"to-{version}", *options)
    eventually("the begin", lambda: node.hub.words(node.name, f"to-{version}"))
    time.sleep(delay)
    heard = node.hub.words(node.name, f"to-{version}")
    node.container.kill()
    node.container.boot()
    node.expect(f"to-{version}", statuses.GOOD if is_good else statuses.GOOD[:4] + ROLLED_BACK, version if is_good else old)
    print(f"    killed {delay:.2f} s after the begin, at '{heard[-1]}': {'successful' if is_good else 'rolled back'}", file=sys.stderr)
    return version if is_good else old


def by_packages(hub, container, bin_folder):
    """Strategy deb: the policy carries the Debian package, and dpkg brings it, and brings the old one back."""
    def deb(version):
        return hub.build("build-deb", version, "--strategy", "deb", "--bin", bin_folder)[0]

    def offer(version, *more):
        node.hub.publish(version, f"to-{version}", "--strategy", "deb", "--package", deb(version), *more)

    def installed():
        return container.run("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", "uplift-agent")

    def expect(version, words, left):
        node.expect(f"to-{version}", words, left)
        if installed() != f"installed {left}" or container.output("dpkg", "--audit"):
            raise AssertionError(f"dpkg says '{installed()}', expected version {left}, and has to say: {container.output('dpkg', '--audit')}")

    bad = ["--health", '["bin/upliftd","no-such-command"]']
    shutil.copy(deb("2.0.0"), container.path("/srv/agent.deb"))
    node = Node(hub, container, lambda machine: machine.run("dpkg", "-i", "/srv/agent.deb"))
    with open(container.path("/etc/uplift/uplift.conf"), "a", encoding="ascii") as stream:
        stream.write("# a change of the operator\n")
    offer("2.1.0", *bad)
    expect("2.1.0", statuses.GOOD[:4] + ROLLED_BACK, "2.0.0")
    offer("2.2.0")
    expect("2.2.0", statuses.GOOD, "2.2.0")
    offer("2.3.0", *bad)
    expect("2.3.0", statuses.GOOD[:4] + ROLLED_BACK, "2.2.0")
    with open(container.path("/etc/uplift/uplift.conf"), encoding="ascii") as stream:
        if "a change of the operator" not in stream.read():
            raise AssertionError("the operator's change of a configuration file is lost")


def killed_dpkg(container, top):
    """The real dpkg, killed in every state of an upgrade, still does what the tests of strategy deb presume."""
    container.boot()
    with open(top + "/Tests/UpgradeAgentTests/Crash/dpkg-states.json", encoding="ascii") as stream:
        expected = json.load(stream)
    found = booted_dpkg.states(container)
    if found != expected:
        raise AssertionError("dpkg behaves otherwise than in dpkg-states.json:\n" + "\n".join(str(row) for row in found))


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="packaging/booted-node", description="Upgrades and rollbacks on a booted Debian 12 with systemd.")
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--top", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--deb", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--kills", type=int, default=0, metavar="N", help="also kill the machine in the middle of N upgrades (0)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31), help="of the instants of the kills (random)")
    return parser.parse_args()


def step(text, body):
    """One line for people, with the time it took."""
    start = time.monotonic()
    body()
    print(f"ok: {text} ({time.monotonic() - start:.1f} s)", file=sys.stderr)


def on_machine(options, folder, name, body):
    """Runs the body with a hub and a machine of its own."""
    place = os.path.join(folder, name)
    os.mkdir(place)
    hub = Hub(options.bin, place, options.top + "/packaging")
    container = Container(base_tree(), place, f"uplift-{name}-{os.getpid()}")
    try:
        body(hub, container, place)
    except BaseException:
        print(container.output("journalctl", "-n", "60", "--no-pager", "-o", "cat") if container.leader else "", file=sys.stderr)
        raise
    finally:
        container.kill()
        hub.stop()


def run(options, folder):
    """Everything, each strategy on a machine of its own."""
    def tree(hub, container, place):
        shutil.copy(options.deb, container.path("/srv/agent.deb"))
        node = Node(hub, container, lambda machine: machine.run("dpkg", "-i", "/srv/agent.deb"))
        step("a good upgrade restarts the service", lambda: good(node, "1.1.0"))
        step("a version that ends at once is rolled back", lambda: does_not_start(node, "1.2.0", "1.1.0", place))
        step("a version that cannot be executed is rolled back", lambda: cannot_be_executed(node, "1.2.1", "1.1.0", place))
        step("a version that fails its health command is rolled back", lambda: fails_health(node, "1.2.2", "1.1.0"))
        chance, version = random.Random(options.seed), "1.1.0"
        for number in range(options.kills):
            version = killed(node, f"1.3.{number}", version, chance)

    on_machine(options, folder, "tree", tree)
    text = "a bad, a good and a bad version as Debian packages"
    on_machine(options, folder, "dpkg", lambda _, container, __: step("dpkg, killed", lambda: killed_dpkg(container, options.top)))
    on_machine(options, folder, "deb", lambda hub, container, _: step(text, lambda: by_packages(hub, container, options.bin)))
    print(f"booted node: {7 + options.kills} upgrades, {options.kills} kills (seed {options.seed}), 0 broken nodes")


def main():
    """Makes a folder for everything and removes it."""
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="uplift-booted.")
    try:
        run(options, folder)
    except (AssertionError, TimeoutError, RuntimeError) as error:
        sys.exit(f"error: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()

"""A Debian 12 with systemd, booted in a container that shares the host's network; killing it is a power cut for its processes.

As a program: makes the tree that containers are copies of, and tells by its exit code whether a container can be run here at all.
"""
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time

PACKAGES = "systemd,systemd-sysv,dbus,ca-certificates,libcurl4,libarchive13,libsqlite3-0,libssl3,libyaml-0-2,curl"


def base_tree():
    """The folder of a fresh Debian, made once (about 90 s) and kept."""
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "uplift")
    # Another list of packages is another tree.
    tree = os.path.join(cache, "booted-node-" + hashlib.sha256(PACKAGES.encode()).hexdigest()[:12])
    if not os.path.exists(tree):
        new = tree + ".new"
        shutil.rmtree(new, ignore_errors=True)
        os.makedirs(cache, exist_ok=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", new], check=True, stdout=subprocess.DEVNULL)
        os.rename(new, tree)
    return tree


def eventually(what, condition, seconds=60):
    """Waits until the condition gives something true, and gives that."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds} s")
        time.sleep(0.05)


class Container:
    """One machine on a copy of the base tree."""

    def __init__(self, base, folder, name):
        self.tree = os.path.join(folder, name)
        self.name = name
        self.log = os.path.join(folder, name + ".log")
        self.process = None
        self.leader = None
        subprocess.run(["cp", "-a", "--reflink=auto", base, self.tree], check=True)

    def boot(self):
        """Returns when systemd has started everything."""
        command = ["systemd-nspawn", "-D", self.tree, f"--machine={self.name}", "--register=no", "--keep-unit", "--console=pipe", "-b"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            eventually("the boot", self._is_up)
        except TimeoutError as error:
            with open(self.log, encoding="utf-8", errors="replace") as stream:
                said = stream.read()[-2000:]
            jobs = self.output("systemctl", "list-jobs", "--no-pager")
            raise TimeoutError(f"{error}; systemd-nspawn said: {said}; waiting: {jobs}") from error

    def _is_up(self):
        # The first children of systemd-nspawn are not the one that becomes the machine's first process.
        self.leader = self._child()
        return self.leader and self.output("systemctl", "is-system-running") in ("running", "degraded")

    def _child(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"systemd-nspawn ended with {self.process.returncode}; see {self.log}")
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as stream:
            children = stream.read().split()
        return int(children[0]) if children else None

    def command(self, *words):
        """The words that run a command inside."""
        return ["nsenter", "-t", str(self.leader), "-a", *words]

    def run(self, *words):
        """Runs a command inside; its output is the error's text when it fails."""
        done = subprocess.run(self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}: {done.stdout.strip()}")
        return done.stdout.strip()

    def output(self, *words):
        """What a command inside prints, whatever its exit code."""
        return subprocess.run(self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout.strip()

    def kill(self):
        """No warning and no time for anything."""
        for pid in (self.leader, self.process.pid if self.process else None):
            if pid:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        if self.process:
            self.process.wait()
        self.process = self.leader = None

    def path(self, name):
        """A file inside, as the host sees it."""
        return os.path.join(self.tree, name.lstrip("/"))


def main():
    """Runs nothing in a container; exit code 3 when this machine runs none, 4 when no Debian can be fetched."""
    try:
        tree = base_tree()
    except subprocess.CalledProcessError as error:
        print(error, file=sys.stderr)
        sys.exit(4)
    command = ["systemd-nspawn", "-q", "-D", tree, "--register=no", "--keep-unit", "--console=pipe", "--ephemeral", "true"]
    sys.exit(3 if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode else 0)


if __name__ == "__main__":
    main()

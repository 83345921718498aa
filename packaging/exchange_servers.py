"""The servers that packaging/bench exchange measures, and the requests that it puts to them."""
import base64
import json
import os
import pwd
import random
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request

PASSWORD = "root-password-of-the-benchmark"
TOKEN = "the-token-of-every-node-here"
POSTGRES = "/usr/lib/postgresql/15/bin"
KINDS = ("status PUT", "changes poll", "node GET")


def request(method, path, body=None, identity="demo/n0", secret=TOKEN):
    """A whole request as the load generator sends it."""
    text = "" if body is None else json.dumps(body)
    secret = base64.b64encode(f"{identity}:{secret}".encode()).decode()
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Basic {secret}", "Accept: application/json"]
    if body is not None:
        head += ["Content-Type: application/json", f"Content-Length: {len(text.encode())}"]
    return "\r\n".join([*head, "", text])


class Server:
    """A program that writes its port to a file; killed with the object's end."""

    def __init__(self, command, folder, name):
        self.command, self.name, self.port = command, name, 0
        self.port_file, self.log = os.path.join(folder, name + ".port"), os.path.join(folder, name + ".log")
        self.process = None

    def start(self):
        """Until it takes requests."""
        if os.path.exists(self.port_file):
            os.remove(self.port_file)
        with open(self.log, "ab") as log:
            environment = {**os.environ, "EXCHANGE_ROOT_PW": PASSWORD, "LOG_LEVEL": "error"}
            command = [word.format(port=self.port, port_file=self.port_file) for word in self.command]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        deadline = time.monotonic() + 60
        while not os.path.exists(self.port_file) or not open(self.port_file, encoding="utf-8").read().strip():
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"error: {self.name} did not start: {open(self.log, encoding='utf-8').read()[-2000:]}")
            time.sleep(0.01)
        self.port = int(open(self.port_file, encoding="utf-8").read())
        return self

    def stop(self):
        """As an operator stops it."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def peak(self):
        """Peak resident memory in MiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


class Hub(Server):
    """A hub with so many registered nodes and a policy."""

    def __init__(self, program, folder, nodes):
        self.root, self.nodes, self.folder = os.path.join(folder, f"hub-{nodes}"), nodes, folder
        command = [program, "serve", "--root", self.root, "--listen", "127.0.0.1:{port}", "--port-file", "{port_file}"]
        super().__init__(command, folder, f"hub-{nodes}")

    def prepare(self):
        """One node over HTTP, the others as copies of its row."""
        self.start()
        self.call("POST", "/v1/orgs/demo", {"label": "Demo", "description": "an org"})
        self.call("PUT", "/v1/orgs/demo/nodes/n0", {"token": TOKEN, "name": "a node", "pattern": "", "publicKey": "key", "arch": "amd64"})
        policy = {"label": "a policy", "enabled": True, "start": "now", "properties": [], "constraints": ["arch == amd64"]}
        self.call("POST", "/v1/orgs/demo/managementpolicies/p", policy)
        self.stop()
        database = sqlite3.connect(os.path.join(self.root, "exchange.db"))
        columns = [row[1] for row in database.execute("PRAGMA table_info(nodes)") if row[1] != "id"]
        names = ", ".join(columns)
        database.execute(
            f"WITH RECURSIVE more (number) AS (VALUES (1) UNION ALL SELECT number + 1 FROM more WHERE number + 1 < {self.nodes})"
            f" INSERT INTO nodes (id, {names}) SELECT 'n' || number, {names} FROM more JOIN nodes WHERE id = 'n0'"
        )
        database.commit()
        database.close()
        self.start()
        newest = self.call("GET", "/v1/changes/maxchangeid")["maxChangeId"]
        dice = random.Random(1)
        some = [f"n{number}" for number in dice.sample(range(self.nodes), min(self.nodes, 5000))]
        self.plans = {kind: self.plan(kind, some, newest) for kind in KINDS}
        return self

    def add_statuses(self, count):
        """A status of the policy for so many nodes, as rows; the hub is started anew."""
        self.stop()
        shown = dict.fromkeys(("scheduledTime", "startTime", "endTime", "errorMessage"), "")
        versions = dict.fromkeys(("softwareVersion", "certVersion", "configVersion"), "")
        status = {**shown, "status": "successful", "lastUpdated": "2026-01-01T00:00:00Z", "upgradedVersions": versions}
        database = sqlite3.connect(os.path.join(self.root, "exchange.db"))
        database.execute(
            "INSERT OR REPLACE INTO management_statuses (org, node, policy, document) SELECT org, id, 'p', ? FROM nodes LIMIT ?",
            (json.dumps({"agentUpgradePolicyStatus": status}), count),
        )
        database.commit()
        database.close()
        self.start()

    def call(self, method, path, body=None):
        """As root."""
        secret = base64.b64encode(f"root/root:{PASSWORD}".encode()).decode()
        headers = {"Authorization": "Basic " + secret, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        made = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method=method)
        with urllib.request.urlopen(made, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")

    def plan(self, kind, nodes, newest):
        """A file for the load generator, each request of another node."""
        status = {"scheduledTime": "2026-01-01T00:00:00Z", "startTime": "2026-01-01T00:00:01Z", "status": "downloaded"}
        made = {
            "status PUT": lambda node: request(
                "PUT", f"/v1/orgs/demo/nodes/{node}/managementStatus/p", {"agentUpgradePolicyStatus": status}, f"demo/{node}"
            ),
            "changes poll": lambda node: request(
                "POST", "/v1/orgs/demo/changes", {"changeId": newest + 1, "maxRecords": 1000}, f"demo/{node}"
            ),
            "node GET": lambda node: request("GET", f"/v1/orgs/demo/nodes/{node}", None, f"demo/{node}"),
        }[kind]
        code = 200 if kind == "node GET" else 201
        return write_plan(self.folder, f"{self.nodes}-{kind}", [made(node) for node in nodes], code)


def write_plan(folder, name, requests, status):
    """The file."""
    file = os.path.join(folder, name.replace(" ", "-") + ".json")
    with open(file, "w", encoding="utf-8") as stream:
        json.dump({"requests": requests, "status": status}, stream)
    return file


class Postgres:
    """A PostgreSQL of its own in the scratch folder, reached through a unix socket alone, with its defaults: every commit is synced."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "postgres")
        self.script = os.path.join(self.folder, "insert.sql")
        self.user = []

    def start(self):
        """With one table that is inserted into."""
        os.mkdir(self.folder, 0o700)
        if os.getuid() == 0:
            # It refuses to run as root.
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            os.chmod(os.path.dirname(self.folder), 0o755)
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.run("initdb", "-D", self.folder + "/data", "-U", "bench", "-A", "trust", "--no-instructions")
        settings = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c max_connections=100"
        self.run("pg_ctl", "-D", self.folder + "/data", "-w", "-l", self.folder + "/log", "-o", settings, "start")
        self.sql("CREATE TABLE statuses (number bigserial PRIMARY KEY, node text NOT NULL, policy text NOT NULL, document text NOT NULL)")
        with open(self.script, "w", encoding="utf-8") as stream:
            stream.write("\\set node random(0, 99999)\n")
            stream.write("INSERT INTO statuses (node, policy, document) VALUES ('n' || :node, 'p', repeat('x', 200));\n")
        os.chmod(self.script, 0o644)
        return self

    def run(self, program, *arguments):
        """One of its programs."""
        path = os.path.join(POSTGRES, program)
        path = path if os.path.exists(path) else "/usr/bin/" + program
        command = [*self.user, path, *arguments]
        done = subprocess.run(command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            sys.exit(f"error: {program}: {done.stdout}")
        return done.stdout

    def sql(self, text):
        """As the only user."""
        return self.run("psql", "-h", self.folder, "-U", "bench", "-d", "postgres", "-q", "-c", text)

    def inserts(self, seconds, clients=64):
        """One INSERT for each transaction; transactions a second."""
        self.sql("CHECKPOINT")
        script = ["-n", "-f", self.script, "-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds)))]
        text = self.run("pgbench", "-h", self.folder, "-U", "bench", *script, "postgres")
        return float(next(line.split()[2] for line in text.splitlines() if line.startswith("tps = ")))

    def stop(self):
        """At once; nothing is kept."""
        if os.path.exists(self.folder + "/data/postmaster.pid"):
            self.run("pg_ctl", "-D", self.folder + "/data", "-m", "immediate", "stop")

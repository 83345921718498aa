"""A hub on the host's loopback for booted nodes, and what a publisher does with it."""
import base64
import json
import os
import subprocess
import urllib.error
import urllib.request

import statuses
from booted_container import eventually

PASSWORD = "root-password-of-a-test-0123456789"


class Hub:
    """`uplift-exchange` with one organization, whose nodes poll every second or as they do by themselves."""

    def __init__(self, programs, folder, scripts, polls_every_second=True):
        self.programs, self.folder, self.scripts = programs, folder, scripts
        port_file = os.path.join(folder, "hub.port")
        with open(os.path.join(folder, "hub.log"), "wb") as log:
            self.process = subprocess.Popen(
                [programs + "/uplift-exchange", "serve", "--root", os.path.join(folder, "hub"), "--listen", "127.0.0.1:0", "--port-file", port_file],
                env={**os.environ, "EXCHANGE_ROOT_PW": PASSWORD}, stdout=log, stderr=log)
        port = eventually("the start of the hub", lambda: os.path.exists(port_file) and open(port_file, encoding="ascii").read().strip())
        self.url = f"http://127.0.0.1:{port}"
        interval = {"heartbeatIntervals": {"minInterval": 1, "maxInterval": 1, "intervalAdjustment": 1}} if polls_every_second else {}
        self.call("POST", "/v1/orgs/demo", {"label": "Demo", "description": "Demo", **interval})
        self.call("POST", "/v1/orgs/demo/users/admin", {"password": PASSWORD, "admin": True, "email": "admin@example.com"})
        keys = os.path.join(folder, "keys")
        self.uplift("key", "create", keys)
        (self.private,), (self.public,) = ([os.path.join(keys, n) for n in os.listdir(keys) if n.endswith(end)] for end in (".key", ".pem"))

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait()

    def call(self, method, path, body=None):
        """The answer as JSON; none for 404."""
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode())
        request.add_header("Authorization", "Basic " + base64.b64encode(f"root/root:{PASSWORD}".encode()).decode())
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from error

    def uplift(self, *words):
        """Runs the command line on the host."""
        environment = {**os.environ, "HZN_EXCHANGE_URL": self.url + "/v1", "HZN_FSS_CSSURL": self.url}
        command = [self.programs + "/uplift", *words]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"uplift {' '.join(words)}: exit {done.returncode}: {done.stdout}")
        return done.stdout

    def build(self, script, version, *options):
        """Runs a script that builds packages of a version; the files that it names."""
        out = os.path.join(self.folder, version)
        command = [os.path.join(self.scripts, script), *options, version, out]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()

    def publish(self, version, policy, *build_options):
        """Builds the agent's upgrade package with this version and offers it to every node."""
        program = [] if "--program" in build_options else ["--program", self.programs + "/upliftd"]
        (file,) = self.build("build-release", version, *program, *build_options)
        self.offer(version, policy, file)

    def offer(self, version, policy, file):
        """Offers a package that is there to every node."""
        root = ["-u", f"root/root:{PASSWORD}"]
        sign = ["--private-key-file", self.private]
        self.uplift("nodemanagement", "agentfiles", "add", "-o", "IBM", *root, "-t", "agent_software_files", "-V", version, *sign, file)
        manifest = self._file("manifest.json", {"softwareUpgrade": {"version": version, "files": ["*"]}})
        name = f"uplift-{version}"
        self.uplift("nodemanagement", "manifest", "add", "-o", "demo", *root, "-t", "agent_upgrade_manifests", "-i", name, "-f", manifest, *sign)
        terms = {"label": policy, "description": version, "constraints": [], "properties": [], "enabled": True, "start": "now", "startWindow": 0}
        terms["agentUpgradePolicy"] = {"manifest": f"demo/{name}", "allowDowngrade": False}
        self.uplift("exchange", "nmp", "add", "-o", "demo", *root, policy, "--no-constraints", "-f", self._file("nmp.json", terms))

    def _file(self, name, document):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(document, stream)
        return path

    def history(self, node):
        """Every status that the node reported, with the moment when it came."""
        return self.call("GET", f"/v1/orgs/demo/nodes/{node}/managementStatusHistory") or {"history": []}

    def words(self, node, policy):
        """Every status that the node reported for a policy, in order; a word that was sent again after a kill counts once."""
        words = statuses.words(self.history(node)).get(f"demo/{policy}", [])
        return [word for index, word in enumerate(words) if index == 0 or words[index - 1] != word]

    def version(self, node):
        """What the node says it runs."""
        return statuses.version(self.call("GET", f"/v1/orgs/demo/nodes/{node}"), node)

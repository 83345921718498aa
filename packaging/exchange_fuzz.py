"""What schemathesis loads for packaging/fuzz-exchange (SCHEMATHESIS_HOOKS): who calls, what the paths name, and a start that is made again
when it is gone.

Three of four requests are root's, the others a node's, which must be refused much. FUZZ_URL, FUZZ_SEED, EXCHANGE_ROOT_PW and FUZZ_COUNTS (a
file that gets the number of requests, then a line for each operation with its answers of each kind) come from the environment.
"""
import atexit
import base64
import collections
import os
import random

import requests
import schemathesis

URL = os.environ["FUZZ_URL"]
NODE_TOKEN = "a-token-of-the-fuzzed-node"
calls = 0
answers = collections.defaultdict(collections.Counter)


def basic(identity, secret):
    """The value of the header Authorization."""
    return "Basic " + base64.b64encode(f"{identity}:{secret}".encode()).decode()


ROOT = basic("root/root", os.environ["EXCHANGE_ROOT_PW"])
NODE = basic("demo/n1", NODE_TOKEN)
session = requests.Session()
dice = random.Random(int(os.environ["FUZZ_SEED"]))

# What the paths name most of the time, so that requests meet something; else what the fuzzer thought of.
NAMES = {
    "organization": ["demo"],
    "org": ["demo"],
    "node": ["n1", "n1", "n2"],
    "mgmtpolicy": ["p1", "p1", "p2"],
    "hagroup": ["g1"],
    "username": ["admin", "ann"],
}


def policy(name):
    """A policy's body."""
    return {"label": name, "enabled": True, "start": "now", "properties": [{"name": "a", "value": "b"}], "constraints": ["a == b"]}


START = [
    ("POST", "orgs/demo", {"label": "Demo", "description": "an org"}),
    ("POST", "orgs/demo/users/admin", {"password": "a-password", "admin": True, "email": "a@example.com"}),
    ("POST", "orgs/demo/users/ann", {"password": "a-password", "admin": False, "email": "b@example.com"}),
    ("PUT", "orgs/demo/nodes/n1", {"token": NODE_TOKEN, "name": "n1", "pattern": "", "publicKey": "key", "arch": "amd64"}),
    ("PUT", "orgs/demo/nodes/n2", {"token": NODE_TOKEN, "name": "n2", "pattern": "", "publicKey": "key", "arch": "arm64"}),
    ("PUT", "orgs/demo/nodes/n1/policy", {"properties": [{"name": "a", "value": 1}, {"name": "v", "type": "version", "value": "1.0.0"}]}),
    ("POST", "orgs/demo/managementpolicies/p1", policy("p1")),
    ("POST", "orgs/demo/managementpolicies/p2", policy("p2")),
    ("PUT", "orgs/demo/nodes/n1/managementStatus/p1", {"agentUpgradePolicyStatus": {"scheduledTime": "", "status": "waiting"}}),
    ("PUT", "orgs/demo/nodes/n1/status", {"connectivity": {"example.com": True}, "services": []}),
    ("PUT", "orgs/demo/nodes/n1/errors", {"errors": [{"record_id": "1", "message": "an error", "event_code": "e", "hidden": False}]}),
    ("POST", "orgs/demo/hagroups/g1", {"description": "a group", "members": ["n1"]}),
    ("PUT", "orgs/IBM/AgentFileVersion", {f"agent{kind}Versions": ["1.0.0"] for kind in ("Software", "Config", "Cert")}),
]


def start():
    """Makes what the paths name; what is there already may refuse."""
    for method, path, body in START:
        answer = session.request(method, f"{URL}/v1/{path}", json=body, headers={"Authorization": ROOT}, timeout=30)
        assert answer.status_code in (201, 403, 409), f"{method} {path}: {answer.status_code} {answer.text}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every fourth call is a node's. Each name of the path is one that exists, three times of four, and half the time where one is made;
    half of the calls have no query, as most filters find nothing."""
    global calls
    calls += 1
    of_four = 2 if case.method.upper() == "POST" else 3
    for name in case.path_parameters or {}:
        if dice.randrange(4) < of_four or name.startswith("org") and "/orgs/{organization}" != case.path.removeprefix("/v1"):
            known = ["IBM"] if case.path.endswith("/AgentFileVersion") else NAMES[name]
            case.path_parameters[name] = dice.choice(known)
    if dice.randrange(2):
        case.query = {}
    case.headers = {**(case.headers or {}), "Authorization": ROOT if calls % 4 else NODE}


@schemathesis.hook
def after_call(context, case, response):
    """Something was deleted, or the node's token is another: begin again, or the rest would meet 404 and 401 alone."""
    code = response.status_code
    answers[f"{case.method.upper()} {case.operation.path}"]["405" if code == 405 else f"{code // 100}xx"] += 1
    is_gone = case.method.upper() == "DELETE" and code == 204
    if is_gone or code == 401:
        start()


def write_counts():
    """For the script, which wants to know how much was tried and what was never granted."""
    with open(os.environ["FUZZ_COUNTS"], "w", encoding="utf-8") as stream:
        print(calls, file=stream)
        for operation, kinds in sorted(answers.items(), key=lambda one: one[0].split()[::-1]):
            print(operation, *(f"{kind}={count}" for kind, count in sorted(kinds.items())), file=stream)


atexit.register(write_counts)
start()

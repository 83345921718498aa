"""packaging/bench constraints: constraint evaluations and policy matches a second, beside python3 in the same run.

The peer is CPython's own compile() and eval() of the same predicates over the same values: every Debian machine has it, it reads a
general expression language with precedence, parentheses and types as ours is, it can parse once or every time as ours can, and what
does the work in it is C that thousands have tuned. Rounds of both take turns, so that a busy machine slows both.
"""
import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

GOAL = 1_000_000

# The node's ten properties; the one that the simple constraints ask for comes last.
PROPERTIES = [
    {"name": "zone", "value": "eu-west"},
    {"name": "cpu", "value": 8},
    {"name": "memory", "value": 16384},
    {"name": "arch", "value": "amd64"},
    {"name": "firmware", "type": "version", "value": "1.4.2"},
    {"name": "tags", "type": "list of strings", "value": "edge,retail"},
    {"name": "containerized", "value": False},
    {"name": "site", "value": "store-0042"},
    {"name": "ring", "value": "canary,early"},
    {"name": "a", "value": "b"},
]

# One that holds and one that does not, so that neither answer is the cheap one by chance.
SIMPLE = [("a == b", "a == 'b'"), ("a == c", "a == 'c'")]

# What policies ask for, in our language and in the peer's; {n} is a number that is never the node's.
SHAPES = [
    ("zone == eu-west", "zone == 'eu-west'"),
    ("cpu >= 4", "cpu >= 4"),
    ("memory > 2{n} && cpu < 6{n}", "memory > 2{n} and cpu < 6{n}"),
    ("arch == amd64 || arch == arm64", "arch == 'amd64' or arch == 'arm64'"),
    ("firmware in [1.0.0,2.{n}.0)", "(1, 0, 0) <= tuple(map(int, firmware.split('.'))) < (2, {n}, 0)"),
    ('tags in "retail, kiosk-{n}"', "not {{'retail', 'kiosk-{n}'}}.isdisjoint(tags.split(','))"),
    ("containerized == false", "containerized == False"),
    ("site != store-1{n}", "site != 'store-1{n}'"),
    ("(zone == eu-west || zone == eu-{n}) && cpu != 1{n}", "(zone == 'eu-west' or zone == 'eu-{n}') and cpu != 1{n}"),
    ("ring == early", "'early' in ring.split(',')"),
]


def workload(policies, constraints):
    """Policies of so many constraints in both languages; one constraint of every second policy does not hold."""
    dice = random.Random(1)
    made = []
    for index in range(policies):
        pairs = []
        for _ in range(constraints):
            number = dice.randrange(100, 1000)
            pairs.append(tuple(text.format(n=number) for text in dice.choice(SHAPES)))
        if index % 2 and pairs:
            pairs[dice.randrange(len(pairs))] = ("zone == us-east", "zone == 'us-east'")
        made.append(pairs)
    return made


def rate(units, seconds, run):
    """As `Meter` of uplift-bench does it: once unmeasured, then until the time is over."""
    yes = run()
    start = time.perf_counter()
    passes = 0
    while passes == 0 or time.perf_counter() - start < seconds:
        run()
        passes += 1
    return units * passes / (time.perf_counter() - start), yes


def peer(policies, simple, seconds):
    """One round of the peer."""
    values = {row["name"]: row["value"] for row in PROPERTIES}
    texts = [theirs for _, theirs in simple]
    codes = [compile(text, "constraint", "eval") for text in texts]
    parsed_once, satisfied = rate(len(codes), seconds, lambda: sum(eval(code, values) for code in codes))
    every_time, _ = rate(len(texts), seconds, lambda: sum(eval(text, values) for text in texts))
    # Ours tells every constraint that is not met; so does this.
    matches, matching = rate(
        len(policies), seconds, lambda: sum(not [text for _, text in pairs if not eval(text, values)] for pairs in policies)
    )
    return {"parsedOnce": parsed_once, "parseAndEvaluate": every_time, "matches": matches, "satisfied": satisfied, "matching": matching}


def compare(options):
    """All rounds, ours and the peer's in turns."""
    policies = workload(options.policies, options.constraints)
    simple = SIMPLE * 500
    document = {
        "properties": PROPERTIES,
        "simple": [ours for ours, _ in simple],
        "policies": [{"constraints": [ours for ours, _ in pairs]} for pairs in policies],
    }
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "workload.json")
        with open(file, "w", encoding="utf-8") as stream:
            json.dump(document, stream)
        for _ in range(options.rounds):
            command = [options.program, "constraints", file, "--seconds", str(options.seconds)]
            ours = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            theirs = peer(policies, simple, options.seconds)
            for key in ("satisfied", "matching"):
                if ours[key] != theirs[key]:
                    sys.exit(f"error: {key}: uplift says {ours[key]} and python3 says {theirs[key]}; they did not do the same work")
            rounds.append((ours, theirs))
    return rounds


def rows(rounds, options):
    """Name, unit and median rates of every figure."""
    named = [
        ("evaluations of a == b, 10 properties, parsed once", "parsedOnce", 1),
        ("evaluations of a == b, 10 properties, parsed each time", "parseAndEvaluate", 1),
        (f"matches of a policy with {options.constraints} constraints", "matches", 1),
        ("constraints parsed and evaluated in those matches", "matches", options.constraints),
    ]
    for name, key, factor in named:
        ours, theirs = ([factor * half[key] for half in halves] for halves in zip(*rounds))
        yield {
            "name": name,
            "perSecond": statistics.median(ours),
            "peerPerSecond": statistics.median(theirs),
            "ratio": statistics.median(mine / other for mine, other in zip(ours, theirs)),
            "rounds": ours,
            "peerRounds": theirs,
        }


def main():
    """Measures, prints the table, writes the figures; exit code 1 below the goal."""
    parser = argparse.ArgumentParser(prog="packaging/bench constraints", description="Constraint evaluations and policy matches a second.")
    parser.add_argument("--program", help=argparse.SUPPRESS)
    parser.add_argument("--policies", type=int, default=1000, metavar="N", help="policies to match one node against (1000)")
    parser.add_argument("--constraints", type=int, default=100, metavar="N", help="constraints of each policy (100)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds, of which the median is taken (5)")
    parser.add_argument("--seconds", type=float, default=0.5, metavar="S", help="how long each figure of a round is measured (0.5)")
    parser.add_argument("--json", metavar="FILE", help="write all figures, each round's too")
    options = parser.parse_args()
    if min(options.policies, options.constraints, options.rounds) < 1 or options.seconds <= 0:
        parser.error("policies, constraints, rounds and seconds must be more than 0")
    name = f"{platform.python_implementation()} {platform.python_version()}"
    table = list(rows(compare(options), options))
    print(f"median of {options.rounds} rounds on one core, {options.policies} policies x {options.constraints} constraints; peer: {name}")
    print(f"{'a second':<56}{'uplift':>14}{'python3':>14}{'ratio':>8}")
    for row in table:
        print(f"{row['name']:<56}{row['perSecond']:>14,.0f}{row['peerPerSecond']:>14,.0f}{row['ratio']:>8.2f}")
    is_met = table[0]["perSecond"] >= GOAL
    print(f"goal: {GOAL:,} evaluations a second, parsed once: {'met' if is_met else 'MISSED'}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as stream:
            json.dump({"peer": name, "policies": options.policies, "constraints": options.constraints, "goal": GOAL, "rows": table}, stream, indent=2)
    sys.exit(0 if is_met else 1)


main()

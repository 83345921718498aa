"""Reads the exchange's answers for packaging/demo: words, version, running, result, check."""
import json
import sys

GOOD = ["waiting", "download started", "downloaded", "initiated", "successful"]
BAD = ["waiting", "download started", "downloaded", "initiated", "failed", "rollback started", "rollback successful"]


def words(history):
    """The words of each policy in the order in which the exchange received them."""
    found = {}
    for row in history["history"]:
        found.setdefault(row["policy"], []).append(row["body"]["agentUpgradePolicyStatus"]["status"])
    return found


def version(node, name):
    """The software version that the node reported to the exchange."""
    (record,) = [value for key, value in node["nodes"].items() if key.endswith("/" + name)]
    return record["softwareVersions"].get("horizon", "")


def main():
    """One subcommand a question."""
    command = sys.argv[1]
    if command == "words":
        for word in words(json.load(sys.stdin)).get(sys.argv[2], []):
            print(word)
    elif command == "version":
        print(version(json.load(sys.stdin), sys.argv[2]))
    elif command == "running":
        print(json.load(sys.stdin)["configuration"]["horizon_version"])
    elif command == "result":
        history, node = [json.loads(line) for line in sys.stdin.read().splitlines() if line.strip()]
        print(json.dumps({"statuses": words(history), "version": version(node, sys.argv[2])}, indent=2))
    elif command == "check":
        with open(sys.argv[2], encoding="utf-8") as file:
            result = json.load(file)
        expected = {"statuses": {"demo/good": GOOD, "demo/bad": BAD}, "version": "1.1.0"}
        if result != expected:
            sys.exit(f"error: the exchange received {json.dumps(result)}, expected {json.dumps(expected)}")


if __name__ == "__main__":
    main()

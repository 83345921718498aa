"""Repairs the published API description of the Exchange where it is wrong, for packaging/fuzz-exchange.

    python3 packaging/exchange_api.py DESCRIPTION REPAIRED

The description (Tests/Vectors/exchange-openapi-subset.json) is kept as it was published, but for its prose and its examples, which show
keys of older releases. Each repair below mends one thing that the real Exchange does otherwise than its description says, and fails when
the description no longer says it: so the list stays complete and short.
"""
import json
import sys

ANY = {"anyOf": [{"type": kind} for kind in ("string", "number", "boolean", "object")] + [{"type": "array", "items": {}}]}
TEXTS = {"type": "array", "items": {"type": "string"}}


def operations(api):
    """Every operation with its path and method."""
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def schema_of(holder):
    """The JSON content of a request or a response; the place where its schema hangs."""
    return holder["content"]["application/json"]


def version_is_plain_text(api, schemas):
    """`admin/version` answers text/plain, the version and a line feed; said is JSON."""
    response = api["paths"]["/v1/admin/version"]["get"]["responses"]["200"]
    response["content"] = {"text/plain": {"schema": response["content"].pop("application/json")["schema"]}}


def agent_file_version_body(api, schemas):
    """The body of PUT AgentFileVersion is that of an agbot; in truth it has the three lists."""
    body = schema_of(api["paths"]["/v1/orgs/{organization}/AgentFileVersion"]["put"]["requestBody"])
    assert body["schema"]["$ref"].endswith("/PutAgbotsRequest")
    lists = ("agentSoftwareVersions", "agentConfigVersions", "agentCertVersions")
    body["schema"] = {"type": "object", "required": list(lists), "properties": {name: TEXTS for name in lists}}
    del schemas["PutAgbotsRequest"]


def no_json_formats(api, schemas):
    """`jsonFormats` is a value of the server's code that slipped into five bodies as a required key; as an unknown key it is 400."""
    for name in ("PutNodePolicyRequest", "PutNodeStatusRequest", "PutNodesRequest", "PostPutOrgRequest", "PostPutManagementPolicyRequest"):
        schemas[name]["required"].remove("jsonFormats")
        del schemas[name]["properties"]["jsonFormats"]
        if not schemas[name]["required"]:
            del schemas[name]["required"]
    del schemas["Formats"]


def running_services_is_the_servers(api, schemas):
    """`runningServices` is made by the server of the services; a body that is said to need it need not have it."""
    schemas["PutNodeStatusRequest"]["required"].remove("runningServices")


def errors_are_in_an_object(api, schemas):
    """The body of PUT errors is `{"errors":[…]}` with anything in it; said is the bare list of objects. The answer
    is said to be empty."""
    assert schemas.pop("List")["items"] == {"type": "object"}
    errors = {"type": "object", "required": ["errors"], "properties": {"errors": {"type": "array", "items": ANY}}}
    schema_of(api["paths"]["/v1/orgs/{organization}/nodes/{node}/errors"]["put"]["requestBody"])["schema"] = errors
    assert schemas["NodeError"] == {"type": "object"}
    answer = {**errors["properties"], "lastUpdated": {"type": "string"}}
    schemas["NodeError"] = {"type": "object", "required": list(answer), "properties": answer}


def values_are_of_any_kind(api, schemas):
    """The value of a property or of a user input is text, number, boolean or list; said is object."""
    for name in ("OneProperty", "OneUserInputValue"):
        assert schemas[name]["properties"]["value"] == {"type": "object"}
        schemas[name]["properties"]["value"] = ANY


def connectivity_is_boolean(api, schemas):
    """`connectivity` says of each host whether it is reached; said is object."""
    for name in ("PutNodeStatusRequest", "NodeStatus"):
        assert schemas[name]["properties"]["connectivity"]["additionalProperties"] == {"type": "object"}
        schemas[name]["properties"]["connectivity"]["additionalProperties"] = {"type": "boolean"}


def null_where_nothing_is_set(api, schemas):
    """These keys are null as long as nothing is set; said is text."""
    for name, key in (("Node", "lastHeartbeat"), ("Node", "ha_group"), ("OneProperty", "type")):
        assert "nullable" not in schemas[name]["properties"][key]
        schemas[name]["properties"][key]["nullable"] = True
    # `tags` and `limits` of an org are objects or null.
    schemas["Org"]["properties"]["tags"]["nullable"] = True


def policy_attribute(api, schemas):
    """GET of one policy takes the query `attribute`; its parameter is named `description`."""
    operation = api["paths"]["/v1/orgs/{organization}/managementpolicies/{mgmtpolicy}"]["get"]
    (parameter,) = [one for one in operation["parameters"] if one["name"] == "description"]
    parameter["name"] = "attribute"


def attribute_answers(api, schemas):
    """With `attribute` the answer is `{"attribute","value"}`, a text, and not the whole resource."""
    texts = {name: {"type": "string"} for name in ("attribute", "value")}
    schemas["Attribute"] = {"type": "object", "required": list(texts), "properties": texts, "additionalProperties": False}
    changed = 0
    for path, _, operation in operations(api):
        if any(one["name"] == "attribute" for one in operation.get("parameters", [])) and "managementStatus" not in path:
            answer = schema_of(operation["responses"]["200"])
            answer["schema"] = {"oneOf": [{**resource(answer["schema"], schemas)}, {"$ref": "#/components/schemas/Attribute"}]}
            changed += 1
    assert changed == 3, f"{changed} operations answer one attribute"


def resource(reference, schemas):
    """A response's object, with the one key required that the description forgot: else anything at all would be one."""
    whole = dict(schemas[reference["$ref"].rsplit("/", 1)[1]])
    return {**whole, "required": [next(iter(whole["properties"]))]}


def defaults_that_are_collections_of_the_servers_language(api, schemas):
    """Nine defaults are how the server's language prints an empty collection; left out, as a default of a list must be a list."""
    strange = {"empty": True, "traversableAgain": True}
    found = [p for s in schemas.values() for p in s.get("properties", {}).values() if p.get("default") == strange]
    assert found, "no such default"
    for one in found:
        del one["default"]


def patches_have_one_attribute(api, schemas):
    """PATCH takes exactly one attribute; said is any number, and for an org all that a new one must have."""
    for path in ("/v1/orgs/{organization}", "/v1/orgs/{organization}/nodes/{node}", "/v1/orgs/{organization}/users/{username}"):
        body = schema_of(api["paths"][path]["patch"]["requestBody"])
        name = body["schema"]["$ref"].rsplit("/", 1)[1]
        one = {key: value for key, value in schemas[name].items() if key != "required"}
        body["schema"] = {**one, "minProperties": 1, "maxProperties": 1}


def passwords_are_not_empty(api, schemas):
    """A password is said to be empty unless given, and may be so; an empty one is refused."""
    assert schemas["PostPutUsersRequest"]["properties"]["password"].pop("default") == ""
    for name, key in (("PostPutUsersRequest", "password"), ("PatchUsersRequest", "password"), ("ChangePwRequest", "newPassword")):
        assert "minLength" not in schemas[name]["properties"][key]
        schemas[name]["properties"][key]["minLength"] = 1


def bodies_are_strict(api, schemas):
    """Any key is said to be welcome in a body; an unknown one is 400, at any depth."""

    def close(schema):
        if "$ref" in schema:
            close(schemas[schema["$ref"].rsplit("/", 1)[1]])
        elif "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
            for one in schema["properties"].values():
                close(one)
        elif "items" in schema:
            close(schema["items"])

    for _, _, operation in operations(api):
        if "requestBody" in operation:
            close(schema_of(operation["requestBody"])["schema"])


def refusals_have_a_body(api, schemas):
    """Refusals are said to have no body; all have code and message, and 404 of a list may be the list's envelope with nothing in it."""
    refusal = {"$ref": "#/components/schemas/ApiResponse"}
    for _, _, operation in operations(api):
        answers = operation["responses"]
        for code in [code for code in answers if code.startswith("4")]:
            assert "content" not in answers[code]
            nothing = [schema_of(answers["200"])["schema"]] if code == "404" and "200" in answers else []
            answers[code]["content"] = {"application/json": {"schema": {"anyOf": [refusal, *nothing]}}}


REPAIRS = [
    version_is_plain_text,
    agent_file_version_body,
    no_json_formats,
    running_services_is_the_servers,
    errors_are_in_an_object,
    values_are_of_any_kind,
    connectivity_is_boolean,
    null_where_nothing_is_set,
    policy_attribute,
    attribute_answers,
    defaults_that_are_collections_of_the_servers_language,
    passwords_are_not_empty,
    patches_have_one_attribute,
    bodies_are_strict,
    refusals_have_a_body,
]

def main():
    """Reads, repairs, writes."""
    if len(sys.argv) != 3:
        sys.exit("usage: exchange_api.py DESCRIPTION REPAIRED")
    with open(sys.argv[1], encoding="utf-8") as stream:
        api = json.load(stream)
    for repair in REPAIRS:
        try:
            repair(api, api["components"]["schemas"])
        except (AssertionError, KeyError, ValueError) as error:
            sys.exit(f"error: the description no longer needs the repair '{repair.__name__}' ({error!r}): take it out of {__file__}")
    with open(sys.argv[2], "w", encoding="utf-8") as stream:
        json.dump(api, stream, indent=1)


main()

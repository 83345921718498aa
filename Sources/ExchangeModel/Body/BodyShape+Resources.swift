/// The bodies of the resources of this hub. Source: contract 1.2 to 1.6, and the published API description for orgs and users.
extension BodyShape {
    /// POST, PUT and PATCH of an org.
    package static let org: BodyShape = .object([
        "orgType": .text, "label": .text, "description": .text, "tags": .map(.text), "limits": .object(["maxNodes": .integer]),
        "heartbeatIntervals": heartbeatIntervals,
    ])

    /// POST, PUT and PATCH of a user.
    package static let user: BodyShape = .object(["password": .text, "admin": .flag, "hubAdmin": .flag, "email": .text])

    /// POST of a new password.
    package static let newPassword: BodyShape = .object(["newPassword": .text])

    /// PUT of an agreement bot.
    package static let agbot: BodyShape = .object(["name": .text, "token": .text, "msgEndPoint": .text, "publicKey": .text])

    /// PUT of what a node says about its services.
    package static let nodeStatus: BodyShape = .object([
        "connectivity": .map(.flag),
        "services": .list(
            .object([
                "agreementId": .text, "serviceUrl": .text, "orgid": .text, "version": .text, "arch": .text,
                "containerStatus": .list(.object(["name": .text, "image": .text, "created": .integer, "state": .text])),
                "operatorStatus": .anything, "configState": .text,
            ])),
    ])

    /// PUT of what a node says about its errors.
    package static let nodeErrors: BodyShape = .object(["errors": .list(.anything)])

    /// POST of what a node tells of itself: read as far as it is known, so that newer agents may say more.
    package static let selfReport: BodyShape = .object(["health": .anything, "opstatus": .list(.anything)])

    /// PUT and PATCH of a node.
    package static let node: BodyShape = .object([
        "token": .text, "name": .text, "nodeType": .text, "pattern": .text, "registeredServices": .list(registeredService),
        "userInput": .list(userInput), "msgEndPoint": .text, "softwareVersions": .map(.text), "publicKey": .text, "arch": .text,
        "heartbeatIntervals": heartbeatIntervals, "clusterNamespace": .text, "isNamespaceScoped": .flag,
    ])

    /// PUT of a node's policy.
    package static let nodePolicy: BodyShape = .object([
        "label": .text, "description": .text, "properties": properties, "constraints": .list(.text), "deployment": policyPart,
        "management": policyPart, "nodePolicyVersion": .text,
    ])

    /// POST and PUT of a management policy.
    package static let managementPolicy: BodyShape = .object([
        "label": .text, "description": .text, "properties": properties, "constraints": .list(.text), "patterns": .list(.text),
        "enabled": .flag, "start": .text, "startWindow": .integer,
        "agentUpgradePolicy": .object(["manifest": .text, "allowDowngrade": .flag]),
    ])

    /// POST and PUT of a high-availability group.
    package static let nodeGroup: BodyShape = .object(["members": .list(.text), "description": .text])

    /// PUT of a status.
    package static let managementStatus: BodyShape = .object([
        "agentUpgradePolicyStatus": .object([
            "scheduledTime": .text, "startTime": .text, "endTime": .text, "status": .text, "errorMessage": .text,
            "upgradedVersions": .object(["softwareVersion": .text, "certVersion": .text, "configVersion": .text]),
        ])
    ])

    /// PUT of the agent file versions.
    package static let agentFileVersion: BodyShape = .object([
        "agentSoftwareVersions": .list(.text), "agentConfigVersions": .list(.text), "agentCertVersions": .list(.text),
    ])

    /// POST for changes.
    package static let changes: BodyShape = .object([
        "changeId": .integer, "lastUpdated": .text, "maxRecords": .integer, "orgList": .list(.text),
    ])

    private static let heartbeatIntervals: BodyShape = .object([
        "minInterval": .integer, "maxInterval": .integer, "intervalAdjustment": .integer,
    ])

    private static let properties: BodyShape = .list(.object(["name": .text, "type": .text, "value": .anything]))

    private static let policyPart: BodyShape = .object(["properties": properties, "constraints": .list(.text)])

    private static let registeredService: BodyShape = .object([
        "url": .text, "numAgreements": .integer, "configState": .text, "policy": .text, "version": .text,
        "properties": .list(.object(["name": .text, "value": .text, "propType": .text, "op": .text])),
    ])

    private static let userInput: BodyShape = .object([
        "serviceOrgid": .text, "serviceUrl": .text, "serviceArch": .text, "serviceVersionRange": .text,
        "inputs": .list(.object(["name": .text, "value": .anything])),
    ])
}

/// Which kinds of cases can be answered, and by what. A kind that is not here is named and skipped.
enum BatchKinds {
    /// By the word of the kind.
    static let questions: [String: any BatchQuestion.Type] = [
        "constraint_satisfied": SatisfactionQuestion.self,
        "constraint_validate": SyntaxQuestion.self,
        "property_list_validate": PropertiesQuestion.self,

        "is_version": VersionQuestion.self,
        "is_property_version": PropertyVersionQuestion.self,
        "is_version_expression": RangeLookQuestion.self,
        "parse_range": RangeQuestion.self,
        "in_range": ContainmentQuestion.self,
        "compare": OrderQuestion.self,

        "match": MatchQuestion.self,
        "effective_management_policy": EffectivePolicyQuestion.self,
        "pick_next": PickQuestion.self,
        "cli_nmp_validate": PolicyValidationQuestion.self,

        "best_version": ResolutionQuestion.self,
        "manifest_versions": ManifestVersionsQuestion.self,
        "resolve_upgrade_versions": NeedsQuestion.self,
        "package_arch": ArchitectureQuestion.self,
        "package_names": PackagesQuestion.self,
        "download_plan": FilesQuestion.self,

        "insert_config_version": ConfigurationStampQuestion.self,
        "insert_cert_version": CertificateStampQuestion.self,
    ]
}

#if Failpoints
    import Synchronization
    import UpgradeModel
    import UpgradePorts

    /// `agent.fetched.manifest` and `agent.fetched.file`: all bytes are here, and nobody has looked at their signature.
    struct WatchedTrust: Trust {
        let real: any Trust

        func digest() -> any RunningDigest { real.digest() }

        func verify(_ signature: DetachedSignature, over digest: Digest) throws(TrustFailure) -> String {
            let isDownload = known.withLock { node in node.jobs.values.contains { FailPoint.name($0) == "downloading" } }
            FailPoint.stand("agent.fetched." + (isDownload ? "file" : "manifest"))
            return try real.verify(signature, over: digest)
        }
    }
#endif

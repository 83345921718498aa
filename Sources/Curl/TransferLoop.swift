import CCurl

/// Runs requests one after the other on the thread that made it.
///
/// `curl_easy_perform` looks up only once a second while the network is silent; low-speed limits below a second need a loop of our own.
package struct TransferLoop: ~Copyable {
    private let multi: UnsafeMutableRawPointer

    /// Nil when there is no memory for it.
    package init?() {
        guard let multi = curl_multi_init() else { return nil }
        self.multi = multi
    }

    deinit { curl_multi_cleanup(multi) }

    /// Runs the request on this thread until it has ended; `keepGoing` is asked at least every `tickMilliseconds`.
    package borrowing func run(_ easy: borrowing EasyHandle, _ delegate: any EasyDelegate, tickMilliseconds: Int) -> CurlCode {
        let multi = multi
        let raw = easy.raw
        return easy.withDelegate(delegate) {
            guard curl_multi_add_handle(multi, raw) == CURLM_OK else { return .failedInit }
            defer { curl_multi_remove_handle(multi, raw) }
            while true {
                var running: Int32 = 0
                guard curl_multi_perform(multi, &running) == CURLM_OK else { return .failedInit }
                var result = CURLE_OK
                if uplift_curl_multi_result(multi, raw, &result) == 1 { return CurlCode(result) }
                guard delegate.keepGoing(easy) else { return .abortedByCallback }
                curl_multi_poll(multi, nil, 0, Int32(clamping: max(1, tickMilliseconds)), nil)
            }
        }
    }
}

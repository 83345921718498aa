import CCurl

/// One request of libcurl: options, run, result. Used by one thread at a time, for one request, then dropped.
package struct EasyHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?

    /// libcurl's global state, made once; thread-safe since 7.84.
    private static let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Nil when there is no memory for it.
    package init?() {
        guard Self.libraryIsReady, let raw = curl_easy_init() else { return nil }
        self.raw = raw
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        headers = nil
        _ = uplift_curl_set_pointer(raw, CURLOPT_ERRORBUFFER, errorText)
    }

    deinit {
        curl_easy_cleanup(raw)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    /// Adds a line `Name: value`; `Name:` takes away a header that libcurl would send.
    package mutating func addHeader(_ line: String) -> CurlCode {
        guard let longer = curl_slist_append(headers, line) else { return .outOfMemory }
        headers = longer
        return CurlCode(uplift_curl_set_pointer(raw, CURLOPT_HTTPHEADER, longer))
    }

    /// Runs the request on this thread until it has ended.
    package borrowing func perform(_ delegate: any EasyDelegate) -> CurlCode {
        withDelegate(delegate) { CurlCode(curl_easy_perform(raw)) }
    }

    /// What went wrong, in libcurl's words for this very request; the general words for the code when it left none.
    package borrowing func explanation(of code: CurlCode) -> String {
        let text = String(cString: errorText)
        return text.isEmpty ? code.text : text
    }

    /// True once name, TCP and TLS are done and the request is being sent.
    package borrowing func isConnected() -> Bool {
        var microseconds: curl_off_t = 0
        return uplift_curl_get_offset(raw, CURLINFO_PRETRANSFER_TIME_T, &microseconds) == CURLE_OK && microseconds > 0
    }

    borrowing func withDelegate(_ delegate: any EasyDelegate, _ run: () -> CurlCode) -> CurlCode {
        let box = DelegateBox(delegate)
        let context = Unmanaged.passUnretained(box).toOpaque()
        let pairs = [
            (CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, headerFunction), (CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, bodyFunction),
            (CURLOPT_READFUNCTION, CURLOPT_READDATA, sendFunction),
        ]
        for (functionOption, contextOption, function) in pairs {
            let code = uplift_curl_set_data_function(raw, functionOption, function)
            guard code == CURLE_OK else { return CurlCode(code) }
            _ = uplift_curl_set_pointer(raw, contextOption, context)
        }
        return withExtendedLifetime(box) { run() }
    }
}

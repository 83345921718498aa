// libcurl's variadic calls, one shim per value type, because Swift imports no variadic C function.
#ifndef UPLIFT_CCURL_SHIM_H
#define UPLIFT_CCURL_SHIM_H

#include <curl/curl.h>
#include <sys/socket.h>

typedef size_t (*uplift_curl_data_fn)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode uplift_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode uplift_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode uplift_curl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode uplift_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode uplift_curl_set_data_function(CURL *easy, CURLoption option, uplift_curl_data_fn function) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLcode uplift_curl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline curl_socket_t uplift_curl_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)context;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Hooks and installers that are started meanwhile must not hold our connections open.
static inline CURLcode uplift_curl_close_on_exec(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, uplift_curl_open_socket);
}

// A cast in a macro is nothing that Swift can import.
static inline long uplift_curl_auth_basic(void) {
    return (long)CURLAUTH_BASIC;
}

// CURLMsg keeps the result in a union, which Swift reads awkwardly; 1 when `easy` is done.
static inline int uplift_curl_multi_result(CURLM *multi, CURL *easy, CURLcode *result) {
    int left = 0;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE && message->easy_handle == easy) {
            *result = message->data.result;
            return 1;
        }
    }
    return 0;
}

#endif

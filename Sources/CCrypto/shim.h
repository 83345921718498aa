// The part of OpenSSL 3's libcrypto that Crypto uses.
#ifndef UPLIFT_CCRYPTO_SHIM_H
#define UPLIFT_CCRYPTO_SHIM_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// OPENSSL_free is a macro with the place of the call.
static inline void uplift_crypto_free(void *memory) {
    OPENSSL_free(memory);
}

// Without a callback of ours OpenSSL asks for the passphrase of an encrypted key on the terminal.
static inline int uplift_crypto_no_passphrase(char *text, int size, int writing, void *context) {
    (void)text, (void)size, (void)writing, (void)context;
    return -1;
}

#endif

/* options.h - what the lean build of wolfSSL is made of.
 *
 * Installed as <wolfssl/options.h> of the lean build and put in front of every file of wolfSSL by
 * the compiler's -include, assembly too (aes_asm.S looks at nothing else): so it holds #defines
 * and one declaration that assembly does not see.  A program that finds another
 * <wolfssl/options.h> first sees structs of another size; sizes.h is how it notices.
 *
 * Left out on purpose: the OpenSSL layer, session certificates, caches, tickets, TLS 1.2 and
 * below, DTLS, ALPN (CVE-2026-3547), null and anonymous ciphers, finite-field Diffie-Hellman.
 */
#ifndef WOLFSSL_OPTIONS_H
#define WOLFSSL_OPTIONS_H

/* TLS 1.3 and nothing older */
#define WOLFSSL_TLS13
#define WOLFSSL_NO_TLS12
#define NO_OLD_TLS
#define HAVE_TLS_EXTENSIONS
#define HAVE_SUPPORTED_CURVES
#define HAVE_EXTENDED_MASTER
#define HAVE_HKDF
#define NO_SESSION_CACHE
#define NO_PSK
#define WOLFSSL_EXTRA_ALERTS

/* ciphers and hashes; SHA-1 is for the WebSocket handshake */
#define HAVE_AESGCM
#define HAVE_CHACHA
#define HAVE_POLY1305
#define HAVE_ONE_TIME_AUTH
#define WOLFSSL_SHA384
#define WOLFSSL_SHA512
#define NO_AES_CBC
#define NO_DES3
#define NO_DSA
#define NO_DH
#define NO_MD4
#define NO_MD5
#define NO_RC4
#define NO_PWDBASED

/* keys of certificates: P-256, P-384, RSA 2048 to 4096; key exchange: X25519, P-256, P-384 */
#define HAVE_ECC
#define ECC_SHAMIR
#define ECC_TIMING_RESISTANT
#define HAVE_CURVE25519
#define WC_RSA_BLINDING
#define WC_RSA_PSS
#define TFM_TIMING_RESISTANT
#define WOLFSSL_ALT_NAMES

/* single-precision maths: fixed-size code for these sizes and no other */
#define WOLFSSL_SP_MATH
#define WOLFSSL_HAVE_SP_ECC
#define WOLFSSL_HAVE_SP_RSA
#define WOLFSSL_SP_384
#define WOLFSSL_SP_4096
#define SP_INT_BITS      4096
#define HAVE___UINT128_T 1

/* assembly; which instructions are used is decided at run time by cpuid */
#ifdef __x86_64__
#define WOLFSSL_X86_64_BUILD
#define WOLFSSL_AESNI
#define USE_INTEL_SPEEDUP
#define WOLFSSL_SP_X86_64_ASM
#endif

/* random bytes come from the kernel (kernel_random.c) */
#define CUSTOM_RAND_GENERATE_BLOCK sk_wolfssl_random
#ifndef __ASSEMBLER__
/* Fills `out`.  Returns 0, or -1 when the kernel gives none. */
extern int sk_wolfssl_random(unsigned char *out, unsigned size);
#endif

/* connections move between threads; the I/O is ours */
#define HAVE_C___ATOMIC 1
#define WOLFSSL_PTHREADS
#define _POSIX_THREADS
#define WOLFSSL_USE_ALIGN
#define HAVE_GMTIME_R
#define NO_WRITEV
#define WOLFSSL_USER_IO
#define NO_WOLFSSL_DIR
#define WOLFSSL_IGNORE_FILE_WARN

/* names without a prefix that would meet those of other libraries */
#define NO_OLD_RNGNAME
#define NO_OLD_WC_NAMES
#define NO_OLD_SSL_NAMES
#define NO_OLD_SHA_NAMES
#define NO_OLD_MD5_NAME

#endif

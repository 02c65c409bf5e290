/* kernel_random.c - the random bytes of the lean build, straight from the kernel.
 *
 * Otherwise each session opens /dev/urandom, which fails when files run out and in an empty chroot,
 * and seeds and tests a generator of its own: 8% of a connect, measured with perf.
 */
#include <errno.h>
#include <stddef.h>
#include <sys/random.h>

#include <wolfssl/wolfcrypt/settings.h>

int sk_wolfssl_random(unsigned char *out, unsigned size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = getrandom(out + done, size - done, 0);
        if (got < 0 && errno != EINTR) {
            return -1;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return 0;
}

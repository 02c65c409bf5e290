/* fail_allocation.c - a library for LD_PRELOAD that makes one allocation of a program fail.
 *
 * SK_FAIL_ALLOCATION names a file that the test maps too.  The test writes a countdown; each
 * allocation, of whatever thread, takes one off, and the one that comes to 0 returns NULL.  Then
 * nothing fails until the next countdown.
 *
 * Threads  any; the words of the file are atomics.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The file, as test_no_memory.py has it too. */
struct plan {
    _Atomic int64_t countdown;   /* 0 or less: nothing fails */
    _Atomic int64_t failed;      /* how many have */
    _Atomic int64_t failed_size; /* the last of them: its bytes */
    _Atomic int64_t failed_at;   /* and where its caller lies in its program or library */
};

static struct plan *plan;

/* What glibc's own allocator is called underneath. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

__attribute__((constructor)) static void open_plan(void)
{
    const char *path = getenv("SK_FAIL_ALLOCATION");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) {
        return;
    }
    void *mapped = mmap(NULL, sizeof(*plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    plan = mapped == MAP_FAILED ? NULL : mapped;
}

static int64_t place_of(const void *caller)
{
    Dl_info info;
    bool is_known = dladdr(caller, &info) != 0;
    return (int64_t)((uintptr_t)caller - (is_known ? (uintptr_t)info.dli_fbase : 0));
}

/* Whether this allocation is the one. */
static bool must_fail(size_t size, const void *caller)
{
    if (!plan || atomic_load(&plan->countdown) <= 0 || atomic_fetch_sub(&plan->countdown, 1) != 1) {
        return false;
    }
    atomic_store(&plan->failed_size, (int64_t)size);
    atomic_store(&plan->failed_at, place_of(caller));
    atomic_fetch_add(&plan->failed, 1);
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return must_fail(size, __builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    bool fails = must_fail(count * size, __builtin_return_address(0));
    return fails ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return must_fail(size, __builtin_return_address(0)) ? NULL : __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    bool fails = must_fail(size, __builtin_return_address(0));
    return fails ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = aligned_alloc(alignment, size);
    return *block ? 0 : ENOMEM;
}

/* end_of_page.c - see end_of_page.h. */
#include "support/end_of_page.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/assert.h"

struct end_of_page end_of_page_copy(const void *bytes, size_t size)
{
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    size_t used_bytes = (size + page_bytes - 1) / page_bytes * page_bytes;
    struct end_of_page page = {.map_bytes = used_bytes + page_bytes};
    page.map =
        mmap(NULL, page.map_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SK_ASSERT(page.map != MAP_FAILED);
    SK_ASSERT(mprotect((uint8_t *)page.map + used_bytes, page_bytes, PROT_NONE) == 0);
    page.bytes = (uint8_t *)page.map + used_bytes - size;
    if (size > 0) {
        memcpy(page.bytes, bytes, size);
    }
    return page;
}

void end_of_page_free(struct end_of_page *page)
{
    SK_ASSERT(munmap(page->map, page->map_bytes) == 0);
}

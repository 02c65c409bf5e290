/* end_of_page.h - bytes that end where readable memory ends, so that a parser that reads one byte
 * too many faults.
 *
 * Memory   end_of_page_copy() maps two pages and more; end_of_page_free() gives them back.
 */
#ifndef END_OF_PAGE_H
#define END_OF_PAGE_H

#include <stddef.h>
#include <stdint.h>

struct end_of_page {
    uint8_t *bytes; /* the copy; bytes[size] faults */
    void *map;
    size_t map_bytes;
};

/* Copies `size` bytes to the end of a page that is followed by one that cannot be touched. */
struct end_of_page end_of_page_copy(const void *bytes, size_t size);

/* Gives the pages back. */
void end_of_page_free(struct end_of_page *page);

#endif

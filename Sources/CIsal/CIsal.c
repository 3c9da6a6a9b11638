#include "CIsal.h"

#include <isa-l/igzip_lib.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { level = 1 };

struct compressor {
    struct isal_zstream stream;
    uint8_t memory[ISAL_DEF_LVL1_DEFAULT];
};

// At this level the library packs some text in another way when its state lies at another address (2.30; one address
// in thousands). Equal text must give equal bytes: there is one state for all threads, where nothing else is.
static struct compressor *compressor = NULL;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct compressor *placed(void) {
    void *const address = (void *)0x200000000000; // a wish, which a sanitizer's own memory may refuse
    void *memory = mmap(address, sizeof(struct compressor), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

size_t cisal_bound(size_t count) {
    const size_t block = 65535, block_header = 5, header_and_trailer = 18;
    return count + (count / block + 1) * block_header + header_and_trailer;
}

static size_t gzip(const uint8_t *bytes, size_t count, uint8_t *output, size_t room) {
    if (!compressor) compressor = placed();
    if (!compressor) return 0;
    struct isal_zstream *stream = &compressor->stream;
    // The library reads what it has not written here: what an earlier member left would change the bytes.
    memset(compressor, 0, sizeof *compressor);
    isal_deflate_stateless_init(stream);
    stream->gzip_flag = IGZIP_GZIP;
    stream->level = level;
    stream->level_buf = compressor->memory;
    stream->level_buf_size = sizeof compressor->memory;
    stream->end_of_stream = 1;
    stream->next_in = (uint8_t *)bytes;
    stream->avail_in = (uint32_t)count;
    stream->next_out = output;
    stream->avail_out = room > UINT32_MAX ? UINT32_MAX : (uint32_t)room;
    return isal_deflate_stateless(stream) == COMP_OK ? stream->total_out : 0;
}

size_t cisal_gzip(const uint8_t *bytes, size_t count, uint8_t *output, size_t room) {
    if (count > UINT32_MAX) return 0;
    pthread_mutex_lock(&lock);
    size_t size = gzip(bytes, count, output, room);
    pthread_mutex_unlock(&lock);
    return size;
}

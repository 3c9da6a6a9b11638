#include "CIsal.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

enum { level = 1 };

struct cisal_compressor {
    struct isal_zstream stream;
    uint8_t memory[ISAL_DEF_LVL1_DEFAULT];
};

cisal_compressor *cisal_compressor_new(void) { return malloc(sizeof(cisal_compressor)); }

void cisal_compressor_free(cisal_compressor *compressor) { free(compressor); }

size_t cisal_bound(size_t count) {
    const size_t block = 65535, block_header = 5, header_and_trailer = 18;
    return count + (count / block + 1) * block_header + header_and_trailer;
}

size_t cisal_gzip(cisal_compressor *compressor, const uint8_t *bytes, size_t count, uint8_t *output, size_t room) {
    if (count > UINT32_MAX) return 0;
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

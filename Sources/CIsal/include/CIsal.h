#ifndef CISAL_H
#define CISAL_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What ISA-L keeps between two members; of one thread at a time.
typedef struct cisal_compressor cisal_compressor;

/// NULL when memory is out.
cisal_compressor *cisal_compressor_new(void);
void cisal_compressor_free(cisal_compressor *compressor);

/// No member of `count` bytes is larger.
size_t cisal_bound(size_t count);

/// Writes one gzip member at ISA-L's level 1 and returns its size; 0 when it does not fit, or when there are
/// 4 GiB or more.
size_t cisal_gzip(cisal_compressor *compressor, const uint8_t *bytes, size_t count, uint8_t *output, size_t room);

#ifdef __cplusplus
}
#endif
#endif

#ifndef CISAL_H
#define CISAL_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// No member of `count` bytes is larger.
size_t cisal_bound(size_t count);

/// Writes one gzip member at ISA-L's level 1 and returns its size: equal bytes for equal text, one thread after the other.
/// 0 when it does not fit, when there are 4 GiB or more, or when memory is out.
size_t cisal_gzip(const uint8_t *bytes, size_t count, uint8_t *output, size_t room);

#ifdef __cplusplus
}
#endif
#endif

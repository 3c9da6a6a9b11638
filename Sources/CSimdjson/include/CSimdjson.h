#ifndef CSIMDJSON_H
#define CSIMDJSON_H
// A C surface over simdjson's DOM parser: parse, then read its tape.
// The tape's layout: https://github.com/simdjson/simdjson/blob/master/doc/tape.md
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csimdjson_parser csimdjson_parser;

/// Returns NULL when memory is short.
csimdjson_parser *csimdjson_new(void);
void csimdjson_free(csimdjson_parser *parser);

/// Bytes that must be readable after the text; their values do not matter.
size_t csimdjson_padding(void);

/// Parses one whole document, which must be UTF-8. Returns 0, or simdjson's error code.
/// Pass `is_padded` only when csimdjson_padding() bytes after the text may be read.
int csimdjson_parse(csimdjson_parser *parser, const uint8_t *text, size_t length, bool is_padded);

/// True when `code` means a number that fits neither 64 bits nor a finite double.
bool csimdjson_is_number_error(int code);

/// What an error code means, in words of ours that no version of the library changes: they enter staged files.
/// Lives for ever.
const char *csimdjson_message(int code);

/// Of the library that the program was compiled with; lives for ever.
const char *csimdjson_version(void);

/// Views into the last parsed document, until the next parse.
const uint64_t *csimdjson_tape(const csimdjson_parser *parser);
const uint8_t *csimdjson_strings(const csimdjson_parser *parser);

#ifdef __cplusplus
}
#endif
#endif

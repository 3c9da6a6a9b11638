#ifndef CDECIMAL_H
#define CDECIMAL_H
// Decimal text to double and back, without locale, allocation or surprise.
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Reads the whole text as `-?digits[.digits][e[+-]digits]` into the nearest double.
/// False for any other text and for a value beyond the finite doubles.
bool cdecimal_read(const char *text, size_t length, double *value);

/// The longest text that cdecimal_write makes.
enum { CDECIMAL_LONGEST = 32 };

/// Writes the shortest text that reads back as the same finite double, always with a point or an
/// exponent (`8.0`). Returns the length; nothing is written behind it.
size_t cdecimal_write(double value, char *text);

/// The same text by the standard library alone: what cdecimal_write is tested against.
size_t cdecimal_write_any(double value, char *text);

#ifdef __cplusplus
}
#endif
#endif

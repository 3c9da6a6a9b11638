#include "CDecimal.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *skip_digits(const char *at, const char *end) {
    while (at != end && is_digit(*at)) ++at;
    return at;
}

static bool is_decimal(const char *at, const char *end) {
    if (at != end && *at == '-') ++at;
    const char *whole = at;
    if ((at = skip_digits(at, end)) == whole) return false;
    if (at != end && *at == '.') {
        const char *fraction = ++at;
        if ((at = skip_digits(at, end)) == fraction) return false;
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-')) ++at;
        const char *exponent = at;
        if ((at = skip_digits(at, end)) == exponent) return false;
    }
    return at == end;
}

static double nearest(const char *text, size_t length) {
#if defined(__cpp_lib_to_chars)
    double value = 0;
    if (std::from_chars(text, text + length, value).ec == std::errc()) return value;
#endif
    // Beyond the range, which from_chars leaves unsaid: strtod tells too small from too large.
    return std::strtod(std::string(text, length).c_str(), nullptr);
}

bool cdecimal_read(const char *text, size_t length, double *value) {
    if (!is_decimal(text, text + length)) return false;
    *value = nearest(text, length);
    return std::isfinite(*value);
}

size_t cdecimal_write(double value, char *text) {
    char *end = std::to_chars(text, text + CDECIMAL_LONGEST, value).ptr;
    size_t length = end - text;
    if (std::memchr(text, '.', length) || std::memchr(text, 'e', length)) return length;
    end[0] = '.';
    end[1] = '0';
    return length + 2;
}

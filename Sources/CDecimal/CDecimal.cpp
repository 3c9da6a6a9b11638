#include "CDecimal.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

// Powers of ten that a double holds exactly, as far as they are needed here.
static const double power_of_ten[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

// Decimals of up to this many digits are told apart by doubles: the one that reads as a double is its
// shortest text.
static const int certain_digits = 15;

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

// Reads decimals of few digits and no exponent. Both the digits and the power of ten are exact doubles, so
// that their quotient is the nearest one.
static bool read_short(const char *at, const char *end, double *value) {
    if (end - at > certain_digits + 2) return false;
    bool is_negative = at != end && *at == '-';
    if (is_negative) ++at;
    uint64_t digits = 0;
    const char *whole = at;
    for (; at != end && is_digit(*at); ++at) digits = digits * 10 + (*at - '0');
    int count = at - whole, places = 0;
    if (count == 0) return false;
    if (at != end && *at == '.') {
        const char *fraction = ++at;
        for (; at != end && is_digit(*at); ++at) digits = digits * 10 + (*at - '0');
        places = at - fraction;
        if (places == 0) return false;
    }
    if (at != end || count + places > certain_digits) return false;
    double magnitude = digits / power_of_ten[places];
    *value = is_negative ? -magnitude : magnitude;
    return true;
}

bool cdecimal_read(const char *text, size_t length, double *value) {
    if (read_short(text, text + length, value)) return true;
    if (!is_decimal(text, text + length)) return false;
    *value = nearest(text, length);
    return std::isfinite(*value);
}

// Writes `count` digits of `digits` so that they end before `end`, two at a time.
static void write_digits(uint64_t digits, int count, char *end) {
    static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
                                "4142434445464748495051525354555657585960616263646566676869707172737475767778798081"
                                "828384858687888990919293949596979899";
    for (; count > 1; count -= 2, digits /= 100) std::memcpy(end -= 2, pairs + 2 * (digits % 100), 2);
    if (count == 1) end[-1] = '0' + digits % 10;
}

static int count_digits(uint64_t digits) {
    int count = 1;
    while (count <= certain_digits && digits >= power_of_ten[count]) ++count;
    return count;
}

// Writes values that are decimals of few digits; 0 for all others. Like `std::to_chars`, it takes the
// shorter of `0.00005` and `5e-05`, and the first where both are as long.
static size_t write_short(double value, char *text) {
    double magnitude = std::fabs(value);
    if (value == 0 && !std::signbit(value)) return std::memcpy(text, "0.0", 3), 3;
    if (!(magnitude >= 1e-9 && magnitude < 1e15)) return 0;
    uint64_t digits = magnitude;
    int places = 0;
    if (digits != magnitude) {
        places = magnitude < 1e6 ? 9 : magnitude < 1e9 ? 6 : magnitude < 1e12 ? 3 : 0;
        digits = magnitude * power_of_ten[places] + 0.5;
        if (digits / power_of_ten[places] != magnitude) return 0;
    }
    int zeros = 0;  // at the end of a whole number
    while (places >= 4 && digits % 10000 == 0) {
        digits /= 10000;
        places -= 4;
    }
    while (digits % 10 == 0) {
        digits /= 10;
        places > 0 ? (void)--places : (void)++zeros;
    }
    int count = count_digits(digits);
    int exponent = count - 1 + zeros - places;
    int plain = places == 0 ? count + zeros : (exponent < 0 ? places + 2 : count + 1);
    bool has_exponent = plain > count + (count > 1) + 4;
    char *at = text;
    if (value < 0) *at++ = '-';
    if (has_exponent) {
        write_digits(digits, count, at + count + 1);
        at[0] = at[1];
        at[1] = '.';
        at += count > 1 ? count + 1 : 1;
        *at++ = 'e';
        *at++ = exponent < 0 ? '-' : '+';
        write_digits(std::abs(exponent), 2, at + 2);
        at += 2;
    } else if (places == 0) {
        write_digits(digits, count, at + count);
        at += count;
        std::memset(at, '0', zeros);
        at += zeros;
        *at++ = '.';
        *at++ = '0';
    } else if (exponent < 0) {
        std::memset(at, '0', places + 2);
        at[1] = '.';
        at += places + 2;
        write_digits(digits, count, at);
    } else {
        write_digits(digits, count, at + count + 1);
        std::memmove(at, at + 1, count - places);
        at[count - places] = '.';
        at += count + 1;
    }
    return at - text;
}

size_t cdecimal_write(double value, char *text) {
    if (size_t length = write_short(value, text)) return length;
    return cdecimal_write_any(value, text);
}

size_t cdecimal_write_any(double value, char *text) {
    char *end = std::to_chars(text, text + CDECIMAL_LONGEST, value).ptr;
    size_t length = end - text;
    if (std::memchr(text, '.', length) || std::memchr(text, 'e', length)) return length;
    end[0] = '.';
    end[1] = '0';
    return length + 2;
}

#include "CSimdjson.h"

#include <new>
#include <simdjson.h>

struct csimdjson_parser {
    simdjson::dom::parser dom;
};

csimdjson_parser *csimdjson_new(void) { return new (std::nothrow) csimdjson_parser; }

void csimdjson_free(csimdjson_parser *parser) { delete parser; }

size_t csimdjson_padding(void) { return simdjson::SIMDJSON_PADDING; }

int csimdjson_parse(csimdjson_parser *parser, const uint8_t *text, size_t length, bool is_padded) {
    return parser->dom.parse(text, length, !is_padded).error();
}

bool csimdjson_is_number_error(int code) { return code == simdjson::NUMBER_ERROR; }

const char *csimdjson_message(int code) {
    // By name, not by number: numbers differ between versions of the library, and so does its own wording.
    switch (static_cast<simdjson::error_code>(code)) {
    case simdjson::EMPTY: return "it is empty";
    case simdjson::DEPTH_ERROR: return "it is nested too deep";
    case simdjson::UTF8_ERROR: return "it is not UTF-8";
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC: return "it is too large";
    default: return "it is malformed";
    }
}

const char *csimdjson_version(void) {
    using namespace simdjson;
    static const std::string version = std::to_string(SIMDJSON_VERSION_MAJOR) + "."
        + std::to_string(SIMDJSON_VERSION_MINOR) + "." + std::to_string(SIMDJSON_VERSION_REVISION);
    return version.c_str();
}

const uint64_t *csimdjson_tape(const csimdjson_parser *parser) { return parser->dom.doc.tape.get(); }

const uint8_t *csimdjson_strings(const csimdjson_parser *parser) {
    return parser->dom.doc.string_buf.get();
}

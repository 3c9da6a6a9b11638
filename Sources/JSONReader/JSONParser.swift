import CDecimal
import CSimdjson
import PerpCore

/// Why a text is not a JSON document.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// simdjson's message.
    public let description: String
}

/// Parses whole JSON documents in one pass, with simdjson.
///
/// A parser belongs to one task and is reused: its values are views that live until its next parse.
public final class JSONParser {
    private let handle: OpaquePointer
    /// The version of simdjson.
    public static var libraryVersion: String { String(cString: csimdjson_version()) }
    private lazy var repaired = ByteBuffer()

    /// A parser with memory of its own.
    public init() {
        guard let handle = csimdjson_new() else { fatalError("out of memory") }
        self.handle = handle
        precondition(csimdjson_padding() <= ByteBuffer.padding)
    }

    deinit { csimdjson_free(handle) }

    /// Parses the content of a buffer.
    ///
    /// - Throws: `JSONError` when the content is not one JSON document.
    public func parse(_ buffer: ByteBuffer) throws(JSONError) -> JSONValue {
        try buffer.withBytes { (bytes) throws(JSONError) in try parse(padded: bytes) }
    }

    /// Parses bytes behind which `ByteBuffer.padding` more may be read, such as a line in a buffer.
    ///
    /// A number beyond the range of `Double` (`1e400`, four hundred digits) does not fail the document: it is read as a
    /// string, so that only its field fails.
    ///
    /// - Throws: `JSONError` when the bytes are not one JSON document.
    public func parse(padded bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONValue {
        var code = csimdjson_parse(handle, bytes.baseAddress, bytes.count, true)
        if csimdjson_is_number_error(code) {
            repaired.removeAll()
            quoteNumbers(of: bytes, into: repaired)
            code = csimdjson_parse(handle, repaired.start, repaired.count, true)
        }
        return try root(code)
    }

    /// Parses bytes as they are: numbers out of range are errors, and no padding is needed behind them.
    ///
    /// - Throws: `JSONError` when the bytes are not one JSON document.
    public func parseStrictly(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONValue {
        try root(csimdjson_parse(handle, bytes.baseAddress, bytes.count, false))
    }

    private func root(_ code: CInt) throws(JSONError) -> JSONValue {
        guard code == 0, let tape = csimdjson_tape(handle), let strings = csimdjson_strings(handle) else {
            throw JSONError(description: String(cString: csimdjson_message(code)))
        }
        return JSONValue(tape: tape, strings: strings, index: 1)
    }
}

/// Copies a JSON text and quotes each number that is beyond the range of `Double`.
private func quoteNumbers(of text: UnsafeBufferPointer<UInt8>, into output: ByteBuffer) {
    var at = 0
    var inString = false
    while at < text.count {
        let byte = text[at]
        if inString {
            output.append(byte)
            if byte == UInt8(ascii: "\\"), at + 1 < text.count {
                at += 1
                output.append(text[at])
            }
            inString = byte != UInt8(ascii: "\"")
            at += 1
        } else if isNumberByte(byte) {
            let end = text[at...].firstIndex { !isNumberByte($0) } ?? text.endIndex
            let token = UnsafeBufferPointer(rebasing: text[at..<end])
            // An `e` of `true` or `false` is not a number.
            let needsQuotes = Decimal.looksLikeNumber(token) && !fitsSimdjson(token)
            if needsQuotes { output.append(UInt8(ascii: "\"")) }
            output.append(token)
            if needsQuotes { output.append(UInt8(ascii: "\"")) }
            at = end
        } else {
            inString = byte == UInt8(ascii: "\"")
            output.append(byte)
            at += 1
        }
    }
}

private func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
    default: false
    }
}

/// Whether simdjson takes the number: whole numbers must fit 64 bits, others a finite double.
private func fitsSimdjson(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
    let isWhole = !token.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
    return isWhole ? token.count <= 18 : Decimal.read(token) != nil
}

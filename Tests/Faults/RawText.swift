import Foundation
import Gzip
import PerpCore

/// Reads, changes and writes the lines of a raw file.
enum RawText {
    static func read(_ path: String) throws -> String {
        let text = ByteBuffer()
        try ByteBuffer([UInt8](try TestFiles.bytes(path))).withBytes { try Inflater().inflate($0, into: text) }
        return text.text
    }

    static func write(_ text: String, to path: String) throws { try TestFiles.write(gzipped(text), to: path) }

    /// The text as one gzip member.
    static func gzipped(_ text: String) -> Data {
        let output = ByteBuffer()
        ByteBuffer(Array(text.utf8)).withBytes { Deflater(for: .size).deflate($0, into: output) }
        return Data(output.array)
    }

    /// The text as a JSON string, with its quotes.
    static func quoted(_ text: String) throws -> String {
        let data = try JSONSerialization.data(withJSONObject: text, options: [.fragmentsAllowed])
        return String(decoding: data, as: UTF8.self)
    }
}

import PerpCore
import PipelineFiles

/// Reads `NAME=value` lines, as in `.env`: UTF-8, line ends of any system, blank lines and comments after `#`.
///
/// Any other line is a `FormatError`, which never contains the value: it may be a secret. A setting that is silently
/// lost is worse than a run that fails and says why.
enum SettingsFile {
    /// Bytes: more than any file of settings needs.
    private static let longest: Int64 = 1 << 20

    /// The values by name, the last one of each name; empty when there is no file.
    /// - Throws: `FormatError` for a line that is not a setting, `FileError` when the file cannot be read.
    static func read(_ path: String) throws -> [String: String] {
        // A broken link is a file that cannot be read, not an absent one.
        guard FileSystem.kind(of: path) != nil else { return [:] }
        guard FileSystem.size(of: path) <= longest else {
            throw FormatError(path: path, reason: "is too long for a file of settings")
        }
        let content = ByteBuffer()
        try FileSystem.read(path, into: content)
        return try content.withBytes { try parse(Array($0), path) }
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws -> [String: String] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw FormatError(
                path: path, line: 1, reason: "begins with a byte order mark: save it as UTF-8 without one")
        }
        var values: [String: String] = [:]
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            let text = (line.last == UInt8(ascii: "\r") ? line.dropLast() : line).trimmed
            guard let first = text.first, first != UInt8(ascii: "#") else { continue }
            func refusal(_ reason: String) -> FormatError {
                FormatError(path: path, line: number + 1, reason: reason)
            }
            if text.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw refusal("holds a control character") }
            guard let sign = text.firstIndex(of: UInt8(ascii: "=")),
                let name = String(validating: text[..<sign].trimmed, as: UTF8.self),
                let value = String(validating: text[text.index(after: sign)...].trimmed, as: UTF8.self),
                isName(name)
            else { throw refusal("is not NAME=value (no 'export', no spaces in the name)") }
            values[name] = value
        }
        return values
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}

extension ArraySlice<UInt8> {
    /// The slice without spaces and tabs at either end.
    fileprivate var trimmed: ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var text = self.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}

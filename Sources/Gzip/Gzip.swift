import CDeflate
import CIsal
import PerpCore

/// Why bytes could not be decompressed.
public enum GzipError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes do not begin as gzip does.
    case notGzip
    /// A member is cut short, or its checksum is wrong.
    case damaged
    /// The members hold more than `limit` bytes.
    case tooLarge(limit: Int)

    /// One lower-case line for messages.
    public var description: String {
        switch self {
        case .notGzip: "not gzip data"
        case .damaged: "gzip data is damaged or cut short"
        case .tooLarge(let limit): "gzip data holds more than \(limit) bytes"
        }
    }
}

/// Compresses whole gzip members. Belongs to one task, which reuses it.
///
/// The header has no time and no name, and 255 as system, so equal bytes make equal files on one machine; other
/// processors and library versions may compress the same text differently.
public final class Deflater {
    /// What to favor.
    public enum Goal: Sendable, CaseIterable {
        /// Time: level 1 of ISA-L, 1.4 GB/s of staged text on a core, 5 % larger than libdeflate's fastest.
        case speed
        /// Size: level 6 of libdeflate.
        case size
    }

    private enum Handle {
        case isal
        case libdeflate(OpaquePointer)
    }

    private let handle: Handle

    /// A compressor for `goal`. Ends the program when memory runs out.
    public init(for goal: Goal) {
        let handle: Handle? =
            switch goal {
            case .speed: .isal
            case .size: libdeflate_alloc_compressor(6).map(Handle.libdeflate)
            }
        guard let handle else { fatalError("out of memory") }
        self.handle = handle
    }

    deinit {
        switch handle {
        case .isal: break
        case .libdeflate(let compressor): libdeflate_free_compressor(compressor)
        }
    }

    /// Appends one gzip member that holds `bytes`, which must be shorter than 4 GiB.
    public func deflate(_ bytes: UnsafeBufferPointer<UInt8>, into output: ByteBuffer) {
        let written: Int
        switch handle {
        case .isal:
            let bound = cisal_bound(bytes.count)
            written = cisal_gzip(bytes.baseAddress, bytes.count, output.reserve(bound), bound)
        case .libdeflate(let compressor):
            let bound = libdeflate_gzip_compress_bound(compressor, bytes.count)
            written = libdeflate_gzip_compress(
                compressor, bytes.baseAddress, bytes.count, output.reserve(bound), bound)
        }
        precondition(written > 0)
        output.advance(by: written)
    }
}

/// Decompresses gzip streams of one or several members. Belongs to one task, which reuses it.
public final class Inflater {
    /// The version of libdeflate.
    public static let libraryVersion = LIBDEFLATE_VERSION_STRING
    /// The most bytes that one raw or staged file may hold: 1 GiB, far above any real one.
    public static let usualLimit = 1 << 30

    /// A header of ten bytes and a trailer of eight.
    private static let smallestMember = 18

    private let handle: OpaquePointer
    var decompressor: OpaquePointer { handle }

    /// A decompressor. Ends the program when memory runs out.
    public init() {
        guard let handle = libdeflate_alloc_decompressor() else { fatalError("out of memory") }
        self.handle = handle
    }

    deinit { libdeflate_free_decompressor(handle) }

    /// Appends the content of all members of `bytes`.
    ///
    /// After an error the output holds the members before the damaged one.
    ///
    /// - Parameter limit: the most bytes that `output` may hold afterwards.
    /// - Throws: `GzipError` when `bytes` is not gzip, is damaged, or holds more than `limit` bytes.
    public func inflate(
        _ bytes: UnsafeBufferPointer<UInt8>, into output: ByteBuffer, limit: Int = usualLimit
    ) throws(GzipError) {
        var rest = bytes[...]
        repeat {
            let consumed = try inflateMember(UnsafeBufferPointer(rebasing: rest), into: output, limit: limit)
            rest = rest.dropFirst(consumed)
        } while !rest.isEmpty
    }

    /// Appends the content of the members of `bytes` up to the first that is damaged or cut short, as the last one of a
    /// file is whose writer was killed.
    ///
    /// - Returns: how many bytes those members take.
    public func inflateWholeMembers(_ bytes: UnsafeBufferPointer<UInt8>, into output: ByteBuffer) -> Int {
        var rest = bytes[...]
        while !rest.isEmpty,
            let consumed = try? inflateMember(  // what is behind it is what was cut
                UnsafeBufferPointer(rebasing: rest), into: output, limit: Self.usualLimit)
        {
            rest = rest.dropFirst(consumed)
        }
        return bytes.count - rest.count
    }

    /// Returns how many bytes the member took.
    private func inflateMember(
        _ bytes: UnsafeBufferPointer<UInt8>, into output: ByteBuffer, limit: Int
    ) throws(GzipError) -> Int {
        guard bytes.starts(with: [0x1F, 0x8B]) else { throw .notGzip }
        guard bytes.count >= Self.smallestMember else { throw .damaged }
        let allowed = limit - output.count
        var room = min(firstGuess(bytes), allowed)
        while true {
            var consumed = 0
            var written = 0
            let result = libdeflate_gzip_decompress_ex(
                handle, bytes.baseAddress, bytes.count, output.reserve(room), room, &consumed, &written)
            switch result {
            case LIBDEFLATE_SUCCESS:
                output.advance(by: written)
                return consumed
            case LIBDEFLATE_INSUFFICIENT_SPACE where room < allowed:
                room = min(room * 4, allowed)
            case LIBDEFLATE_INSUFFICIENT_SPACE:
                throw .tooLarge(limit: limit)
            default:
                throw .damaged
            }
        }
    }

    /// The size that the last four bytes state, which is right for a single member, but at most what gzip can compress
    /// into these bytes, so that a false figure costs no memory.
    private func firstGuess(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let stated = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return max(64, min(stated, bytes.count * 1032))
    }
}

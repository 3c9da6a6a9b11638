import Crypto
import PerpCore

/// SHA-256 of bytes, in lower-case hexadecimal.
public func sha256(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var digest = SHA256()
    digest.update(bufferPointer: UnsafeRawBufferPointer(bytes))
    let digits = digest.finalize().flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }
    return String(decoding: digits, as: UTF8.self)
}

/// SHA-256 of a buffer's content.
public func sha256(_ buffer: ByteBuffer) -> String { buffer.withBytes { sha256($0) } }

/// SHA-256 of a file's bytes, as stored.
public func sha256(of path: String) throws(FileError) -> String {
    let content = ByteBuffer()
    try FileSystem.read(path, into: content)
    return sha256(content)
}

import Crypto

/// SHA-256 of bytes, in lower-case hexadecimal.
public func sha256(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var digest = SHA256()
    digest.update(bufferPointer: UnsafeRawBufferPointer(bytes))
    let digits = digest.finalize().flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }
    return String(decoding: digits, as: UTF8.self)
}

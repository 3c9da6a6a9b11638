import PerpCore

#if canImport(CryptoKit)
    import CryptoKit
#else
    import CLibcrypto
#endif

/// The SHA-256 of bytes, in lower-case hexadecimal.
public func sha256(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    let digits = digest(bytes).flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }
    return String(decoding: digits, as: UTF8.self)
}

/// The 32 bytes of SHA-256.
private func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    #if canImport(CryptoKit)
        var hash = SHA256()
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        return Array(hash.finalize())
    #else
        var digest = [UInt8](repeating: 0, count: 32)
        // Fails without memory, or with a library that lacks SHA-256: nothing can be verified then.
        precondition(EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_sha256(), nil) == 1)
        return digest
    #endif
}

/// The SHA-256 of a buffer's content, in lower-case hexadecimal.
public func sha256(_ buffer: ByteBuffer) -> String { buffer.withBytes { sha256($0) } }

/// The SHA-256 of a file's bytes as stored, in lower-case hexadecimal.
/// - Throws: `FileError` when the file cannot be read.
public func sha256(of path: String) throws(FileError) -> String {
    let content = ByteBuffer()
    try FileSystem.read(path, into: content)
    return sha256(content)
}

import PerpCore

#if canImport(CryptoKit)
    import CryptoKit
#else
    import CLibcrypto
#endif

/// The SHA-256 of bytes, in lower-case hexadecimal.
public func sha256(_ bytes: UnsafeBufferPointer<UInt8>) -> String { hexadecimal(digest(bytes)) }

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

/// The SHA-256 of a file that may be larger than memory, read a piece at a time, in lower-case hexadecimal.
/// - Throws: `FileError` when the file cannot be read.
public func sha256(ofLarge path: String) throws(FileError) -> String {
    let digest = RunningDigest()
    try FileSystem.readPieces(of: path) { digest.add($0) }
    return digest.end()
}

/// SHA-256 of bytes that come in pieces.
private final class RunningDigest {
    #if canImport(CryptoKit)
        private var hash = SHA256()

        func add(_ bytes: UnsafeBufferPointer<UInt8>) { hash.update(bufferPointer: UnsafeRawBufferPointer(bytes)) }

        func end() -> String { hexadecimal(Array(hash.finalize())) }
    #else
        private let context: OpaquePointer

        init() {
            // Fails without memory, or with a library that lacks SHA-256: nothing can be verified then.
            guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
                preconditionFailure("no SHA-256")
            }
            self.context = context
        }

        deinit { EVP_MD_CTX_free(context) }

        func add(_ bytes: UnsafeBufferPointer<UInt8>) {
            precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1)
        }

        func end() -> String {
            var digest = [UInt8](repeating: 0, count: 32)
            precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1)
            return hexadecimal(digest)
        }
    #endif
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [hexDigit($0 >> 4), hexDigit($0 & 15)] }, as: UTF8.self)
}

import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The lines of standard input, each as soon as it has come, for a program that answers line by line. Belongs to one task.
public final class InputLines {
    private static let milliseconds: CInt = 100
    private static let pieceSize = 1 << 16

    private let isStopped: () -> Bool
    private let pending = ByteBuffer()
    private var start = 0
    private var hasEnded = false

    /// - Parameter isStopped: whether to give no more lines; asked for each line, and again and again while none comes.
    public init(until isStopped: @escaping () -> Bool) { self.isStopped = isStopped }

    /// The next line, without its line feed; bytes that are not UTF-8 become replacement characters. `nil` at the end of
    /// the input, and after a stop.
    public func next() -> String? {
        while !isStopped() {
            if let line = pendingLine() { return line }
            if hasEnded { return nil }
            readPiece()
        }
        return nil
    }

    private func pendingLine() -> String? {
        pending.withBytes { bytes in
            let rest = bytes[start...]
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                start = end + 1
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            guard hasEnded, !rest.isEmpty else { return nil }
            start = bytes.count
            return String(decoding: rest, as: UTF8.self)
        }
    }

    private func readPiece() {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&input, 1, Self.milliseconds) > 0 else { return }
        if start == pending.count {
            pending.removeAll()
            start = 0
        }
        let count = read(STDIN_FILENO, pending.reserve(Self.pieceSize), Self.pieceSize)
        if count > 0 { pending.advance(by: count) } else if count == 0 || errno != EINTR { hasEnded = true }
    }
}

/// What happens when nobody reads any more what a program writes.
public enum BrokenPipes {
    /// Makes it a failure to write, which the program can name, instead of the end of the program.
    public static func ignore() { signal(SIGPIPE, SIG_IGN) }
}

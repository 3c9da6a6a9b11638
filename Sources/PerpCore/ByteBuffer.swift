/// Bytes that grow at the end and are reused, with room behind them that a parser may read.
///
/// A buffer belongs to one task: it is not `Sendable`. What changes stands behind a pointer, so that the
/// appends of bulk paths pay for no exclusivity checks.
public final class ByteBuffer {
    /// Bytes behind the content that may always be read; nothing is said of their values.
    public static let padding = 64

    @usableFromInline
    struct Storage {
        @usableFromInline var start: UnsafeMutablePointer<UInt8>
        @usableFromInline var count: Int
        @usableFromInline var capacity: Int
    }

    @usableFromInline let state: UnsafeMutablePointer<Storage>

    public init(capacity: Int = 4096) {
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.padding)
        state = .allocate(capacity: 1)
        state.initialize(to: Storage(start: start, count: 0, capacity: capacity))
    }

    public convenience init(_ bytes: some Collection<UInt8>) {
        self.init(capacity: bytes.count)
        append(contentsOf: bytes)
    }

    deinit {
        state.pointee.start.deallocate()
        state.deallocate()
    }

    @inlinable
    public var start: UnsafeMutablePointer<UInt8> { state.pointee.start }

    @inlinable
    public var count: Int { state.pointee.count }

    /// The content, for as long as the buffer is neither changed nor given up. Swift gives a local value
    /// up after its last use: for those there is `withBytes`.
    @inlinable
    public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// Calls `body` with the content, which lives until it returns.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    /// A copy of the content.
    public var array: [UInt8] { withBytes { Array($0) } }

    /// The content as text; bytes that are not UTF-8 become replacement characters.
    public var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    public func removeAll() { state.pointee.count = 0 }

    /// Makes room for `additional` bytes and returns where they go; `advance` then counts them in.
    @inlinable
    public func reserve(_ additional: Int) -> UnsafeMutablePointer<UInt8> {
        if count + additional > state.pointee.capacity { grow(to: count + additional) }
        return start + count
    }

    /// Counts in bytes that were written where `reserve` said.
    @inlinable
    public func advance(by written: Int) {
        precondition(written >= 0 && count + written <= state.pointee.capacity)
        state.pointee.count += written
    }

    @inlinable
    public func append(_ byte: UInt8) {
        reserve(1).pointee = byte
        state.pointee.count += 1
    }

    @inlinable
    public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count).update(from: source, count: bytes.count)
        state.pointee.count += bytes.count
    }

    public func append(_ other: ByteBuffer) { other.withBytes { append($0) } }

    @inlinable
    public func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    public func append(contentsOf bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ append($0) }) == nil {
            for byte in bytes { append(byte) }
        }
    }

    @usableFromInline
    func grow(to wanted: Int) {
        let capacity = max(wanted, state.pointee.capacity * 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.padding)
        larger.update(from: start, count: count)
        start.deallocate()
        state.pointee.start = larger
        state.pointee.capacity = capacity
    }
}

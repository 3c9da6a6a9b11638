/// A growable, reusable sequence of bytes, with padding behind it that a parser may read.
///
/// A buffer belongs to one task: it is not `Sendable`. Its state is behind a pointer, so that appends on bulk paths do
/// not pay for exclusivity checks.
public final class ByteBuffer {
    /// The number of bytes behind the content that may always be read; their values are undefined.
    public static let padding = 64

    @usableFromInline
    struct Storage {
        @usableFromInline var start: UnsafeMutablePointer<UInt8>
        @usableFromInline var count: Int
        @usableFromInline var capacity: Int
    }

    @usableFromInline let state: UnsafeMutablePointer<Storage>

    /// An empty buffer with room for `capacity` bytes before it grows.
    public init(capacity: Int = 4096) {
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.padding)
        state = .allocate(capacity: 1)
        state.initialize(to: Storage(start: start, count: 0, capacity: capacity))
    }

    /// A buffer that holds a copy of `bytes`.
    public convenience init(_ bytes: some Collection<UInt8>) {
        self.init(capacity: bytes.count)
        append(contentsOf: bytes)
    }

    deinit {
        state.pointee.start.deallocate()
        state.deallocate()
    }

    /// The address of the first byte, until the buffer grows or is deallocated.
    @inlinable
    public var start: UnsafeMutablePointer<UInt8> { state.pointee.start }

    /// The number of bytes of content.
    @inlinable
    public var count: Int { state.pointee.count }

    /// The content, valid until the buffer changes or is deallocated. Swift may release a local value after its last
    /// use: use `withBytes` for those.
    @inlinable
    public var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

    /// Calls `body` with the content, which is valid until `body` returns.
    ///
    /// - Throws: What `body` throws.
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

    /// Removes the content and keeps the memory.
    public func removeAll() { state.pointee.count = 0 }

    /// Makes room for `additional` bytes and returns where to write them; call `advance` afterwards.
    @inlinable
    public func reserve(_ additional: Int) -> UnsafeMutablePointer<UInt8> {
        if count + additional > state.pointee.capacity { grow(to: count + additional) }
        return start + count
    }

    /// Adds to the content `written` bytes that were written at the address from `reserve`.
    @inlinable
    public func advance(by written: Int) {
        precondition(written >= 0 && count + written <= state.pointee.capacity)
        state.pointee.count += written
    }

    /// Appends one byte.
    @inlinable
    public func append(_ byte: UInt8) {
        reserve(1).pointee = byte
        state.pointee.count += 1
    }

    /// Appends a copy of `bytes`.
    @inlinable
    public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count).update(from: source, count: bytes.count)
        state.pointee.count += bytes.count
    }

    /// Appends the content of another buffer.
    public func append(_ other: ByteBuffer) { other.withBytes { append($0) } }

    /// Appends the UTF-8 of a literal.
    @inlinable
    public func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a copy of `bytes`, at once where they are contiguous.
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

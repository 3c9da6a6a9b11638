/// A number that may be unknown, in the room of a number: bulk paths copy records a lot.
///
/// Unknown is stored as a NaN, which is no value of any record; assigning one makes the value unknown.
@propertyWrapper
public struct Packed: Hashable, Sendable {
    @usableFromInline var stored = Double.nan

    @inlinable
    public init() {}

    @inlinable
    public init(wrappedValue: Double?) { self.wrappedValue = wrappedValue }

    /// `nil` is unknown.
    @inlinable
    public var wrappedValue: Double? {
        get { stored.isNaN ? nil : stored }
        set { stored = newValue ?? .nan }
    }

    public static func == (left: Packed, right: Packed) -> Bool { left.wrappedValue == right.wrappedValue }

    public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}

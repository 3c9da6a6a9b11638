/// An optional number in the size of a `Double`, for records that bulk paths copy often.
///
/// `nil` is stored as NaN, which is not a valid value in any record; assigning NaN makes the value `nil`.
@propertyWrapper
public struct Packed: Hashable, Sendable {
    @usableFromInline var stored = Double.nan

    /// An unknown number.
    @inlinable
    public init() {}

    /// The number, or an unknown one for `nil`.
    @inlinable
    public init(wrappedValue: Double?) { self.wrappedValue = wrappedValue }

    /// The number; `nil` when it is unknown.
    @inlinable
    public var wrappedValue: Double? {
        get { stored.isNaN ? nil : stored }
        set { stored = newValue ?? .nan }
    }

    /// Whether the numbers are equal, or both unknown.
    public static func == (left: Packed, right: Packed) -> Bool { left.wrappedValue == right.wrappedValue }

    /// Hashes the number, all unknown ones alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}

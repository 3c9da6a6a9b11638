/// Where the facts of an exchange and hour come from: each has files of its own.
public enum Feed: String, Hashable, Sendable, CaseIterable, Comparable {
    /// The responses of the hour, which `extract` asks for.
    case live
    /// The messages of the exchange's stream, which `record` listens to.
    case stream

    /// In the order of the cases.
    public static func < (left: Feed, right: Feed) -> Bool { left == .live && right == .stream }
}

extension Feed: FieldConvertible {}

/// Where facts come from: each feed has files of its own.
public enum Feed: String, Hashable, Sendable, CaseIterable, Comparable {
    /// The responses of the hour, which `extract` asks for.
    case live
    /// The messages of the exchange's stream, which `record` listens to.
    case stream
    /// What the exchange told later about hours that had passed, which `backfill` asks for.
    case history
    /// The files that an exchange publishes about days and months that have passed.
    case archive

    /// The feeds whose files belong to an hour; those of the others belong to a dataset.
    public static let ofHours: [Feed] = [.live, .stream]

    /// In the order of the cases.
    public static func < (left: Feed, right: Feed) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self)! }  // every case is in allCases
}

extension Feed: FieldConvertible {}

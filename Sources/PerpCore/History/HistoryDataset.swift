/// A kind of fact that exchanges tell about the past.
public enum HistoryDataset: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Forced closings that REST still shows.
    case liquidations
    /// How holders were split between long and short, by the hour.
    case longShort = "long_short"
    /// Open interest by the hour.
    case openInterest = "open_interest"
    /// The funding that was settled.
    case funding
    /// Hourly candles of trades, with volume.
    case candles
    /// Hourly candles of the mark price.
    case markCandles = "mark_candles"
    /// Hourly candles of the index price.
    case indexCandles = "index_candles"

    /// In the order of the cases: what is lost first comes first.
    public static func < (left: HistoryDataset, right: HistoryDataset) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self)! }  // every case is in allCases

    /// The price of the candles; `nil` for other facts.
    public var price: CandlePrice? {
        switch self {
        case .candles: .last
        case .markCandles: .mark
        case .indexCandles: .index
        case .liquidations, .longShort, .openInterest, .funding: nil
        }
    }

    /// The datasets in a list with commas, in the order of the cases; all of them when the list is blank.
    ///
    /// - Throws: `UnknownHistoryDataset` for a name that none has.
    public static func parse(list: String) throws -> [HistoryDataset] {
        let names = list.split { $0 == "," || $0 == " " }.map(String.init)
        let named = try names.map { name in
            guard let dataset = HistoryDataset(rawValue: name) else { throw UnknownHistoryDataset(name: name) }
            return dataset
        }
        return named.isEmpty ? allCases : Set(named).sorted()
    }
}

/// A name that no dataset has.
public struct UnknownHistoryDataset: Error, CustomStringConvertible {
    /// The name.
    public let name: String

    /// Says what names there are.
    public var description: String {
        "'\(name)' is no dataset: \(HistoryDataset.allCases.map(\.rawValue).joined(separator: ", "))"
    }
}

import PerpCore

/// The words that a question may have, in lower case with blanks between them.
public enum KnownWords {
    /// The columns of `tickers`, each with the words that mean it beside its own name.
    public static let columns: [(column: String, words: [String])] = [
        ("funding_rate", ["funding"]),
        ("funding_rate_8h", ["funding 8h"]),
        ("funding_apr", ["funding per year", "apr"]),
        ("funding_interval_hours", ["funding interval", "interval"]),
        ("next_funding_at_ms", ["next funding"]),
        ("mark_price", ["mark"]),
        ("last_price", ["last", "price"]),
        ("index_price", ["index"]),
        ("bid_price", ["bid"]),
        ("ask_price", ["ask"]),
        ("volume_usd_24h", ["volume", "volume usd"]),
        ("volume_base_24h", ["volume coins", "volume base"]),
        ("open_interest_usd", ["open interest", "oi"]),
        ("open_interest_base", ["open interest coins", "oi coins"]),
        ("open_interest_contracts", ["open interest contracts", "oi contracts"]),
        ("price_change_24h", ["price change", "change"]),
        ("trades_24h", ["trades"]),
        ("observed_at_ms", ["observed", "time"]),
    ]

    static let longShort = ["long short", "longs", "ls"]

    static let figures: [(figure: MarketFigure, words: [String])] = [
        (.composite, ["composite", "score", "sentiment"]), (.funding, ["funding"]), (.volume, ["volume"]),
        (.openInterest, ["open interest", "oi"]), (.cascade, ["cascade"]),
    ]

    static let liquidations = ["liquidations", "liquidation"]
    static let settlement = ["settlement", "settled"]
    static let spreads: [(kind: SpreadKind, words: [String])] = [
        (.funding, ["funding spread", "spread"]), (.price, ["price spread"]),
    ]

    /// Words in the form that is compared: `open_interest` and `Open interest` are one.
    static func plain(_ words: some Sequence<String>) -> String {
        words.joined(separator: " ").lowercased().split { "_- ".contains($0) }.joined(separator: " ")
    }

    /// The column that words mean; `nil` when they mean none.
    static func column(_ words: String) -> String? {
        columns.first { $0.words.contains(words) || plain([$0.column]) == words }?.column
    }

    /// Up to three of the known words that are nearest to unknown ones: they begin with the same letters, or differ in few.
    public static func nearest(to text: String, among known: [String]) -> [String] {
        let text = text.lowercased()
        let ranked = known.map { word -> (word: String, distance: Int) in
            let other = word.lowercased()
            let isPart = !text.isEmpty && (other.hasPrefix(text) || text.hasPrefix(other))
            return (word, isPart ? 0 : editDistance(text, other))
        }
        let limit = text.count < 4 ? 1 : max(2, text.count / 3)
        return ranked.filter { $0.distance <= limit }
            .sorted { ($0.distance, $0.word.count, $0.word) < ($1.distance, $1.word.count, $1.word) }
            .prefix(3).map(\.word)
    }
}

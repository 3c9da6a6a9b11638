import PerpCore

/// The symbols that a venue's answers have named, and what was worked out of each.
///
/// The next hour's answers mostly name the same ones in the same order. A roster saves work and changes no
/// record: what is read is the same without one. It belongs to one task and one venue.
public final class Roster {
    /// Far above what any venue lists; names of no use are not kept for good.
    private static let limit = 20_000

    let exchange: Exchange
    /// In the order in which they were first named.
    private(set) var symbols: [String] = []
    private(set) var places: [String: Int] = [:]
    /// The places in the order of their symbols.
    private(set) var order: [Int] = []
    private var coins: [String: CanonicalAsset] = [:]
    /// By place, with the base asset that the coin is of.
    private var placedCoins: [(base: String, coin: CanonicalAsset)?] = []
    /// The base asset that was asked for last, with its coin.
    private var last = (base: "", coin: CanonicalAsset(asset: "", unitMultiplier: 1))

    public init(exchange: Exchange) { self.exchange = exchange }

    /// How many symbols are known.
    public var count: Int { symbols.count }

    /// Takes over the symbols of an hour, those that were known first.
    func learn(_ drafts: [Draft], _ places: [String: Int]) {
        guard drafts.count != symbols.count else { return }
        symbols = drafts.map(\.symbol)
        self.places = places
        order = symbols.indices.sorted { symbols[$0] < symbols[$1] }
        placedCoins += repeatElement(nil, count: max(0, symbols.count - placedCoins.count))
    }

    /// Forgets what has become too much.
    func trim() {
        guard symbols.count > Self.limit || coins.count > Self.limit else { return }
        symbols = []
        places = [:]
        order = []
        coins = [:]
        placedCoins = []
    }

    /// The canonical coin of the base asset of a symbol.
    func coin(_ base: String, at place: Int) -> CanonicalAsset {
        if let placed = placedCoins[place], placed.base == base { return placed.coin }
        let coin = known(base)
        placedCoins[place] = (base, coin)
        return coin
    }

    /// The canonical coin of a base asset.
    func coin(_ base: String) -> CanonicalAsset {
        if last.base == base { return last.coin }
        last = (base, known(base))
        return last.coin
    }

    private func known(_ base: String) -> CanonicalAsset {
        if let coin = coins[base] { return coin }
        let coin = Assets.canonical(base, on: exchange)
        coins[base] = coin
        return coin
    }
}

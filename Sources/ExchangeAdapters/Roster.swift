import PerpCore

/// A cache of an exchange's symbols and their canonical assets, kept from hour to hour.
///
/// The next hour's responses mostly have the same symbols in the same order. A roster saves work and never changes a
/// record. It belongs to one task and one exchange.
public final class Roster {
    /// The most symbols to keep, far above what any exchange lists, so that odd names do not accumulate.
    private static let limit = 20_000

    let exchange: Exchange
    /// In the order in which they were first named.
    private(set) var symbols: [String] = []
    /// A draft of each symbol, in the same order, with which an hour begins.
    private(set) var drafts: [Draft] = []
    private(set) var indexBySymbol: [String: Int] = [:]
    /// Indices into `symbols`, in the order of the symbols.
    private(set) var order: [Int] = []
    private var assets: [Named: CanonicalAsset] = [:]
    /// By index of the symbol: the canonical asset, with the base asset and the class it was found for.
    private var assetsByIndex: [(named: Named, asset: CanonicalAsset)?] = []
    /// The latest lookup.
    private var last = (named: Named(base: "", assetClass: nil), asset: CanonicalAsset(asset: "", unitMultiplier: 1))

    /// A base in the exchange's spelling; its class is `nil` when unknown.
    private struct Named: Hashable {
        var base: String
        var assetClass: AssetClass?
    }

    /// An empty roster.
    public init(exchange: Exchange) { self.exchange = exchange }

    /// The number of known symbols.
    public var count: Int { symbols.count }

    /// Takes over the symbols of an hour, which begin with those that were known.
    func learn(_ drafts: [Draft], _ indexBySymbol: [String: Int]) {
        guard drafts.count != symbols.count else { return }
        symbols = drafts.map(\.symbol)
        self.drafts = symbols.map { Draft(symbol: $0, receivedAt: Timestamp(milliseconds: 0)) }
        self.indexBySymbol = indexBySymbol
        order = symbols.indices.sorted { symbols[$0] < symbols[$1] }
        assetsByIndex += repeatElement(nil, count: max(0, symbols.count - assetsByIndex.count))
    }

    /// Drops everything when there are more symbols than the limit.
    func trim() {
        guard symbols.count > Self.limit || assets.count > Self.limit else { return }
        symbols = []
        drafts = []
        indexBySymbol = [:]
        order = []
        assets = [:]
        assetsByIndex = []
    }

    /// The canonical asset of the base of a symbol.
    func asset(_ base: String, _ assetClass: AssetClass?, at index: Int) -> CanonicalAsset {
        if let cached = assetsByIndex[index], cached.named.base == base, cached.named.assetClass == assetClass {
            return cached.asset
        }
        let named = Named(base: base, assetClass: assetClass)
        let asset = known(named)
        assetsByIndex[index] = (named, asset)
        return asset
    }

    /// The canonical asset of a base.
    func asset(_ base: String, _ assetClass: AssetClass?) -> CanonicalAsset {
        if last.named.base == base, last.named.assetClass == assetClass { return last.asset }
        let named = Named(base: base, assetClass: assetClass)
        last = (named, known(named))
        return last.asset
    }

    private func known(_ named: Named) -> CanonicalAsset {
        if let asset = assets[named] { return asset }
        let asset = Assets.canonical(named.base, named.assetClass, on: exchange)
        assets[named] = asset
        return asset
    }
}

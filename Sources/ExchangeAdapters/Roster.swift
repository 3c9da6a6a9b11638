import PerpCore

/// The symbols that an exchange's responses have named, and what was worked out of each.
///
/// The next hour's answers mostly name the same ones in the same order. A roster saves work and changes no
/// record: what is read is the same without one. It belongs to one task and one exchange.
public final class Roster {
    /// Far above what any exchange lists; names of no use are not kept for good.
    private static let limit = 20_000

    let exchange: Exchange
    /// In the order in which they were first named.
    private(set) var symbols: [String] = []
    private(set) var indexBySymbol: [String: Int] = [:]
    /// The places in the order of their symbols.
    private(set) var order: [Int] = []
    private var assets: [Named: CanonicalAsset] = [:]
    /// By place, with the base asset and the class that the canonical asset is of.
    private var assetsByIndex: [(named: Named, asset: CanonicalAsset)?] = []
    /// What was asked for last, with its canonical asset.
    private var last = (named: Named(base: "", assetClass: nil), asset: CanonicalAsset(asset: "", unitMultiplier: 1))

    /// What an exchange calls an asset; a class of `nil` is not known.
    private struct Named: Hashable {
        var base: String
        var assetClass: AssetClass?
    }

    public init(exchange: Exchange) { self.exchange = exchange }

    /// How many symbols are known.
    public var count: Int { symbols.count }

    /// Takes over the symbols of an hour, those that were known first.
    func learn(_ drafts: [Draft], _ indexBySymbol: [String: Int]) {
        guard drafts.count != symbols.count else { return }
        symbols = drafts.map(\.symbol)
        self.indexBySymbol = indexBySymbol
        order = symbols.indices.sorted { symbols[$0] < symbols[$1] }
        assetsByIndex += repeatElement(nil, count: max(0, symbols.count - assetsByIndex.count))
    }

    /// Forgets what has become too much.
    func trim() {
        guard symbols.count > Self.limit || assets.count > Self.limit else { return }
        symbols = []
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

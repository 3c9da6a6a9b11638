import Charts
import PerpCore

/// A file of the site.
public struct SitePage: Sendable {
    /// The path below the site's folder: `index.html`, `coin/BTC.html`.
    public let path: String
    /// The page.
    public let page: Page

    /// A page in a folder; `nil` for the site's own.
    init(_ place: Place, _ page: Page) { (path, self.page) = (place.path, page) }

    /// A page of the site that others lead to.
    enum Place: Hashable {
        case market
        case signals
        case quality
        case exchanges
        case coins
        case exchange(String)
        case coin(String)

        private var parts: (folder: String?, name: String) {
            switch self {
            case .market: (nil, "index")
            case .signals: (nil, "signals")
            case .quality: (nil, "quality")
            case .exchanges: (nil, "exchanges")
            case .coins: (nil, "coins")
            case .exchange(let id): ("exchange", id)
            case .coin(let asset): ("coin", asset)
            }
        }

        var path: String {
            let name = "\(Anchor(parts.name)).html"
            return parts.folder.map { "\($0)/\(name)" } ?? name
        }

        /// How many folders below the site's the page lies.
        private var depth: Int { parts.folder == nil ? 0 : 1 }

        /// The way to another page, or to a figure of it.
        func link(to other: Place, part: Anchor? = nil) -> PageLink {
            PageLink(
                folders: other.parts.folder.map { [Anchor($0)] } ?? [], up: depth, page: Anchor(other.parts.name),
                part: part)
        }
    }
}

/// What all pages of an hour share: which hour it is, and which other pages there are.
public struct SiteFrame: Sendable {
    /// The hour that the site is of: sealed.
    public let hour: Hour
    /// The assets that have a page, in the order of the list.
    let assets: [String]
    /// The ids of the exchanges that have a page.
    let exchangeIDs: Set<String>
    private let known: Set<String>

    /// - Parameters:
    ///   - assets: those that have a page.
    ///   - exchangeIDs: those that have a page.
    public init(hour: Hour, assets: [String], exchangeIDs: [String]) {
        (self.hour, self.assets, self.exchangeIDs) = (hour, assets, Set(exchangeIDs))
        known = Set(assets)
    }

    /// The hours of a week up to the site's.
    var week: ClosedRange<Hour> { hour.advanced(by: -167)...hour }

    /// The name of an asset, with a link where it has a page.
    func coin(_ asset: String, from place: SitePage.Place) -> DataColumn.Link {
        .init(asset, known.contains(asset) ? place.link(to: .coin(asset)) : nil)
    }

    /// The name of an exchange, with a link where it has a page.
    func exchange(_ id: String, _ name: String, from place: SitePage.Place) -> DataColumn.Link {
        .init(name, exchangeIDs.contains(id) ? place.link(to: .exchange(id)) : nil)
    }

    func navigation(_ place: SitePage.Place) -> [Page.Entry] {
        var places: [(String, SitePage.Place)] = [("Market", .market)]
        if !assets.isEmpty { places.append(("Coins", .coins)) }
        if !exchangeIDs.isEmpty { places.append(("Exchanges", .exchanges)) }
        places += [("Signals", .signals), ("Data quality", .quality)]
        return places.map { Page.Entry($0, place.link(to: $1), isCurrent: $1 == place) }
    }
}

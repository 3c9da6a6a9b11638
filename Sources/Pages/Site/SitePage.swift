import Charts
import PerpCore

/// A file of the site.
public struct SitePage: Sendable {
    /// The path below the site's folder: `index.html`, `coin/BTC.html`.
    public let path: String
    /// The page.
    public private(set) var page: Page

    /// A page in a folder; `nil` for the site's own.
    init(_ place: Place, _ page: Page) { (path, self.page) = (place.path, page) }

    /// The same, with a sentence above all others of what the reader must know.
    public func saying(_ notice: String) -> SitePage {
        var copy = self
        copy.page.notices.insert(notice, at: 0)
        return copy
    }

    /// The path of a coin's page.
    public static func path(ofCoin asset: String) -> String { Place.coin(asset).path }

    /// A page of the site that others lead to.
    enum Place: Hashable {
        case market
        case signals
        case quality
        case exchanges
        case coins
        case exchange(String)
        case coin(String)
        /// The way back of a number, by the number's name.
        case explanation(String)

        private var parts: (folder: String?, name: String) {
            switch self {
            case .market: (nil, "index")
            case .signals: (nil, "signals")
            case .quality: (nil, "quality")
            case .exchanges: (nil, "exchanges")
            case .coins: (nil, "coins")
            case .exchange(let id): ("exchange", id)
            case .coin(let asset): ("coin", asset)
            case .explanation(let name): ("explain", name)
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
    /// How many exchanges are there, at least in part, of how many; `nil` where that is not known.
    let exchangesCount: Int?
    let exchangesExpected: Int?
    /// The assets that have a page of this hour, in the order of the list.
    public let assets: [String]
    /// Assets that are listed and of which nothing is there in this hour; those whose older page stays can be linked.
    let missingAssets: [String]
    /// The ids of the exchanges that have a page.
    let exchangeIDs: Set<String>
    /// The names of the numbers whose way back has a page.
    let explained: Set<String>
    /// In how many hours the page of each smaller coin is made once.
    let everyHours: Int
    /// The commands that explain numbers.
    let command: ExplainCommand
    private let linked: Set<String>

    /// - Parameters:
    ///   - exchanges: each exchange in the hour, absent ones too.
    ///   - assets: those that have a page of this hour.
    ///   - missing: assets that are listed, of which nothing is there in this hour, and whether they have a page from before.
    ///   - explained: the names of the numbers whose way back has a page.
    ///   - everyHours: in how many hours the page of each smaller coin is made once.
    ///   - data: the folder that `make` is told for commands to find the warehouse; `nil` for the usual one.
    public init(
        hour: Hour, exchanges: StoredRows = .none, assets: [String], missing: [String: Bool] = [:],
        explained: [ExplainedNumber] = [], everyHours: Int = 1, data: String? = nil
    ) {
        command = ExplainCommand(data: data)
        self.hour = hour
        let rows = exchanges.rows
        exchangesCount = rows.isEmpty ? nil : rows.count { $0.text("status") != "failed" }
        exchangesExpected = rows.isEmpty ? nil : rows.count
        self.assets = assets
        missingAssets = missing.keys.sorted()
        exchangeIDs = Set(rows.compactMap { $0.text("exchange_id") })
        self.explained = Set(explained.map(\.name))
        self.everyHours = everyHours
        linked = Set(assets).union(missing.filter(\.value).keys)
    }

    /// The hours of a week up to the site's.
    var week: ClosedRange<Hour> { hour.advanced(by: -167)...hour }

    /// The origin of numbers that all exchanges of the hour are in, or how many of how many are.
    func origin(
        _ source: String, unit: String = Provenance.unitsInHeads, at hour: Hour? = nil, exchanges: Int? = nil,
        of expected: Int? = nil
    ) -> Provenance {
        Provenance(
            asOf: (hour ?? self.hour).startTime, exchanges: exchanges ?? exchangesCount,
            exchangesExpected: expected ?? exchangesExpected, unit: unit, source: source)
    }

    /// The name of an asset, with a link where it has a page.
    func coin(_ asset: String, from place: SitePage.Place) -> DataColumn.Link {
        .init(asset, linked.contains(asset) ? place.link(to: .coin(asset)) : nil)
    }

    /// The name of an exchange, with a link where it has a page.
    func exchange(_ id: String, _ name: String, from place: SitePage.Place) -> DataColumn.Link {
        .init(name, exchangeIDs.contains(id) ? place.link(to: .exchange(id)) : nil)
    }

    /// The way to the page that says how a number came about; `nil` when there is none.
    func explanation(_ name: String, from place: SitePage.Place) -> PageLink? {
        explained.contains(name) ? place.link(to: .explanation(name)) : nil
    }

    func navigation(_ place: SitePage.Place) -> [Page.Entry] {
        var places: [(String, SitePage.Place)] = [("Market", .market)]
        if !assets.isEmpty { places.append(("Coins", .coins)) }
        if !exchangeIDs.isEmpty { places.append(("Exchanges", .exchanges)) }
        places += [("Signals", .signals), ("Data quality", .quality)]
        return places.map { Page.Entry($0, place.link(to: $1), isCurrent: $1 == place) }
    }
}

extension Provenance {
    /// Where the heads of columns and axes tell the units.
    static let unitsInHeads = "in the heads"
}

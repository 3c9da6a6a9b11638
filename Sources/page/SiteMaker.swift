import Pages
import PerpCore
import PipelineFiles
import Warehouse

/// What is set about pages.
struct SiteSettings: Sendable {
    var fees = TakerFees()
    /// The coins that always have a page.
    var focus = ["BTC", "ETH", "SOL"]
    /// How many contracts of each coin in the focus have their numbers explained on pages of their own.
    var explained = 1
    /// Where raw and staged files are.
    var archive = ArchivePaths(raw: "raw", staged: "staged")
    /// The folder that `make` is told to find the warehouse; `nil` for the usual one.
    var data: String?
    /// In how many hours the page of each smaller coin is made once, the pages of some in each; 1 makes all.
    var everyHours = 1

    /// Whether the page of a smaller coin is to be made in an hour: in its turn, which depends on its name alone, so that the hours
    /// share the work evenly, and when its page is as old as a round, because its turn was missed, or is of a later hour.
    /// - Parameter last: the hour of the page that is there; `nil` when none is.
    func isDue(_ asset: String, in hour: Hour, since last: Hour?) -> Bool {
        guard let last, last <= hour, last.distance(to: hour) < everyHours else { return true }
        return isTurn(of: asset, in: hour)
    }

    private func isTurn(of asset: String, in hour: Hour) -> Bool {
        var hash = StableHash()
        var name = asset
        name.withUTF8 { hash.add($0) }
        let hours = UInt64(hour.startMilliseconds / Hour.milliseconds)
        return (hash.value % 1024 + hours) % UInt64(everyHours) == 0
    }
}

/// Asks the warehouse for what the pages show, and makes them.
struct SiteMaker {
    private let database: Warehouse
    private let now: Timestamp
    private let settings: SiteSettings

    /// - Parameter now: decides what of the past can still be asked for.
    init(_ database: Warehouse, now: Timestamp, _ settings: SiteSettings) {
        (self.database, self.now, self.settings) = (database, now, settings)
    }

    /// Makes the pages of an hour into a folder. The page of a coin that is listed, but was not there in this hour, stays as it is.
    /// - Parameter hour: chooses the hour, in the state of the database that the pages are made from.
    /// - Returns: the hour.
    func makePages(in folder: SiteFolder, of hour: () throws -> Hour) throws -> Hour {
        let hourOfPage = folder.hourOfPage
        let (hour, market, coins) = try database.reading(hour) { [now, settings] connection, hour in
            try MarketAnswers(connection, hour, now: now, settings)
        } beside: { [settings] connection, hour in
            try CoinAnswers(connection, hour, settings, hourOfPage: hourOfPage)
        }
        for asset in coins.kept { folder.keep(SitePage.path(ofCoin: asset)) }
        let pages = makers(hour, market, coins)
        let notice =
            try database.origin() == .simulated ? "These hours are simulated: no exchange said any of it." : nil
        try folder.putAll(pages.count) { number in
            let page = pages[number]()
            return notice.map(page.saying) ?? page
        }
        return hour
    }

    private func makers(_ hour: Hour, _ answers: MarketAnswers, _ coins: CoinAnswers) -> [@Sendable () -> SitePage] {
        let frame = SiteFrame(
            hour: hour, exchanges: answers.market.exchanges, assets: coins.assets, missing: coins.missing,
            explained: coins.numbers, everyHours: settings.everyHours, data: settings.data)
        var rows = coins.rows
        rows.liquidations = answers.coinLiquidations
        rows.tellers = answers.market.liquidations
        rows.exchanges = answers.market.exchanges
        let coinPages = CoinPages(frame, rows)
        // The large ones first, so that no processor has one left at the end.
        return [
            { MarketPage(frame, answers.market).page }, { SignalsPage(frame, answers.signals).page },
            { QualityPage(frame, answers.quality).page }, { coinPages.list },
        ] + ExchangePages(frame, answers.exchanges).pages + coins.due.map { asset in { coinPages.page(asset) } }
            + coins.explanations.map { told in
                { ExplanationPage(frame, told.number, question: told.question, text: told.text).page }
            }
    }
}

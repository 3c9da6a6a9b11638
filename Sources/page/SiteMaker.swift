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

    /// Whether the page of a smaller coin is to be made in an hour. Its turn depends on its name alone, so that the hours share
    /// the work evenly.
    func isTurn(of asset: String, in hour: Hour) -> Bool {
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
    private let hour: Hour
    private let now: Timestamp
    private let settings: SiteSettings

    /// - Parameter now: decides what of the past can still be asked for.
    init(_ database: Warehouse, _ hour: Hour, now: Timestamp, _ settings: SiteSettings) {
        (self.database, self.hour, self.now, self.settings) = (database, hour, now, settings)
    }

    /// Makes the pages into a folder. The page of a coin that is listed, but was not there in this hour, stays as it is.
    func makePages(in folder: SiteFolder) throws {
        let hasPage = folder.hasPage
        let (market, coins) = try database.reading { [hour, now, settings] in
            try MarketAnswers($0, hour, now: now, settings)
        } beside: { [hour, settings] in
            try CoinAnswers($0, hour, settings, hasPage: hasPage)
        }
        for asset in coins.kept { folder.keep(SitePage.path(ofCoin: asset)) }
        let pages = makers(market, coins)
        let notice =
            try database.origin() == .simulated ? "These hours are simulated: no exchange said any of it." : nil
        try folder.putAll(pages.count) { number in
            let page = pages[number]()
            return notice.map(page.saying) ?? page
        }
    }

    private func makers(_ answers: MarketAnswers, _ coins: CoinAnswers) -> [@Sendable () -> SitePage] {
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

import Explainers
import Explaining
import Pages
import PerpCore
import PipelineFiles
import Warehouse

/// What the pages of coins show, and the way back of the numbers that have a page for it.
struct CoinAnswers: Sendable {
    /// The way back of a number, as text.
    struct Told: Sendable {
        let number: ExplainedNumber
        let question: String
        let text: String
    }

    /// The assets that have a page of this hour.
    let assets: [String]
    /// Assets that are listed and of which nothing is there in this hour, and whether they have a page from before.
    let missing: [String: Bool]
    /// The assets whose pages are made.
    let due: [String]
    let rows: CoinRows
    /// The numbers at the top and of the focus, and the way back of those that a question can be asked about.
    let numbers: [ExplainedNumber]
    let explanations: [Told]

    /// The assets whose pages stay as they are.
    var kept: [String] {
        let made = Set(due)
        return assets.filter { !made.contains($0) } + missing.filter(\.value).keys
    }

    /// How many coins have their pages made in each hour, the largest ones; beside those of the focus.
    private static let always = 60

    /// Asks the warehouse.
    /// - Parameter hourOfPage: the hour of the page that is there; `nil` when none is.
    /// - Throws: an error of the database.
    init(_ database: Warehouse, _ hour: Hour, _ settings: SiteSettings, hourOfPage: (_ path: String) -> Hour?) throws {
        let reader = PageReader(database)
        let contracts = try reader.answer(.contracts, of: hour)
        let assets = CoinRows.assets(contracts, focus: settings.focus)
        let listed = CoinRows.assets(try reader.answer(.listedCoins, of: hour), focus: settings.focus)
        let often = CoinRows.largest(contracts, count: Self.always).union(settings.focus)
        self.assets = assets
        missing = Dictionary(
            uniqueKeysWithValues: Set(listed).subtracting(assets).map {
                ($0, hourOfPage(SitePage.path(ofCoin: $0)) != nil)
            })
        due = assets.filter {
            often.contains($0) || settings.isDue($0, in: hour, since: hourOfPage(SitePage.path(ofCoin: $0)))
        }
        rows = try Self.rows(database, hour, contracts, of: Set(due))
        numbers = ExplainedNumber.all(contracts, focus: settings.focus, count: settings.explained)
        explanations = try Self.explanations(of: numbers, database, hour, settings.archive)
    }

    private static func rows(
        _ database: Warehouse, _ hour: Hour, _ contracts: StoredRows, of assets: Set<String>
    ) throws -> CoinRows {
        let reader = PageReader(database)
        var rows = CoinRows()
        rows.spans = CoinSpan.all(through: hour, since: try SealedHours(database).span()?.lowerBound ?? hour)
        rows.hours = Set(rows.spans.flatMap(\.hours)).sorted()
        rows.series = try reader.coinSeries(rows.hours, of: assets)
        rows.contracts = contracts
        rows.events = try reader.answer(.contractEvents, of: (rows.spans.last?.hours.first ?? hour)...hour)
        return rows
    }

    // MARK: - The way back

    private static func explanations(
        of numbers: [ExplainedNumber], _ database: Warehouse, _ hour: Hour, _ archive: ArchivePaths
    ) throws -> [Told] {
        let explainer = Explainer(database, files: ExplainedFiles(archive))
        return try numbers.compactMap { number in
            guard let question = question(about: number, hour) else { return nil }
            let explanation = try explainer.answer(to: question).explanation
            return Told(number: number, question: explanation.question, text: explanation.text)
        }
    }

    private static func question(about number: ExplainedNumber, _ hour: Hour) -> Question? {
        switch number.subject {
        case .market(let figure):
            MarketFigure(rawValue: figure).map { .market($0, hour) }
        case .contract(let id, let symbol, let column):
            Exchange(rawValue: id).map { .ticker($0, contract: symbol, column: column, hour) }
        }
    }
}

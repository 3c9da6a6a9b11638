import Charts
import PerpCore

/// A number of the pages whose way back, down to the bytes, has a page of its own.
public struct ExplainedNumber: Hashable, Sendable {
    /// What is asked for.
    public enum Subject: Hashable, Sendable {
        /// A figure of the market, as `explain` calls it: `open_interest`.
        case market(String)
        /// A column of `tickers`, of a contract on an exchange.
        case contract(exchangeID: String, symbol: String, column: String)
    }

    /// The name of its page, the same in each hour: `market-score`, `BTC-funding-1`.
    public let name: String
    /// What is asked for.
    public let subject: Subject

    /// A number.
    init(_ name: String, _ subject: Subject) { (self.name, self.subject) = (name, subject) }

    /// The figures of the market that stand first on its page.
    static let market = [
        "score": "composite", "open-interest": "open_interest", "volume": "volume", "funding": "funding",
    ]

    /// The columns of a contract that are explained, by the names of the numbers.
    static let columns = [
        "price": "mark_price", "funding": "funding_rate_8h", "open-interest": "open_interest_usd",
        "volume": "volume_usd_24h",
    ]

    static func marketName(_ figure: String) -> String { "market-\(figure)" }

    /// - Parameter place: of the contract among those of the coin, from 0.
    static func coinName(_ asset: String, _ figure: String, _ place: Int) -> String {
        "\(asset)-\(figure)-\(place + 1)"
    }

    /// What has a page: the figures of the market, and the largest contracts of the coins in the focus.
    /// - Parameters:
    ///   - contracts: of the hour, by coin, the largest first.
    ///   - focus: the coins.
    ///   - count: how many contracts of each.
    public static func all(_ contracts: StoredRows, focus: [String], count: Int) -> [ExplainedNumber] {
        let figures = market.sorted { $0.key < $1.key }.map {
            ExplainedNumber(marketName($0.key), .market($0.value))
        }
        let groups = contracts.grouped(by: "asset")
        return figures
            + focus.flatMap { asset in
                (groups[asset] ?? []).prefix(count).enumerated().flatMap { place, row in
                    columns.sorted { $0.key < $1.key }.compactMap { name, column in
                        guard row[column] != .missing, let id = row.text("exchange_id"), let symbol = row.text("symbol")
                        else { return nil }
                        return ExplainedNumber(
                            coinName(asset, name, place),
                            .contract(exchangeID: id, symbol: symbol, column: column))
                    }
                }
            }
    }
}

/// The page of an explanation: the text that `explain` prints.
public struct ExplanationPage {
    private let frame: SiteFrame
    private let number: ExplainedNumber
    private let question: String
    private let text: String

    /// - Parameters:
    ///   - question: what was asked, as it was understood.
    ///   - text: what `explain` prints.
    public init(_ frame: SiteFrame, _ number: ExplainedNumber, question: String, text: String) {
        (self.frame, self.number, self.question, self.text) = (frame, number, question, text)
    }

    /// The file.
    public var page: SitePage {
        let place = SitePage.Place.explanation(number.name)
        return SitePage(
            place,
            Page(
                title: "How it came about", asOf: frame.hour.startTime, navigation: frame.navigation(place),
                sections: [.init(question, note: note, text: text, figures: [])], hasFunding: false))
    }

    private var note: String {
        let command = frame.command.text(question)
        return "From the view in which it is seen back to the bytes that were received"
            + (command.map { "; '\($0)' prints the same." } ?? ".")
    }
}

/// The command that explains a number, to be copied into a shell.
struct ExplainCommand {
    /// The folder that `make` is told, where it is not the usual one.
    let data: String?

    /// The command; `nil` where a name has characters that a shell could take for its own.
    func text(_ question: String) -> String? {
        guard question.unicodeScalars.allSatisfy(Self.isPlain) else { return nil }
        let folder = data.map { $0.unicodeScalars.allSatisfy(Self.isPlain) ? " DATA=\"\($0)\"" : " DATA=…" } ?? ""
        return "make explain\(folder) WHAT=\"\(question)\""
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        "-_./: ".unicodeScalars.contains(scalar) || scalar.properties.isAlphabetic
            || scalar.properties.numericType == .decimal
    }

    /// The command for a column of a contract, or of an asset's contract; `nil` where the name could be misread.
    func text(_ exchangeID: String, _ symbol: String, _ words: String, _ hour: Hour) -> String? {
        symbol.contains(where: \.isWhitespace) ? nil : text("\(exchangeID) \(symbol) \(words) \(hour)")
    }

    /// The commands for contracts, of dated ones for open interest, since they have no funding, with what to write for their other
    /// numbers; those that could be misread are counted.
    func texts(_ contracts: [StoredRow], _ words: String, _ hour: Hour) -> [String] {
        let commands = contracts.map {
            text(
                $0.text("exchange_id") ?? "", $0.text("symbol") ?? "",
                $0.text("contract") == "dated" ? "open interest" : words, hour)
        }
        let unknown = commands.count { $0 == nil }
        let misread = "# and \(Numbers.counted(unknown, "contract")) whose names a shell would misread"
        return commands.compactMap { $0 } + (unknown == 0 ? [] : [misread])
            + (unknown == commands.count ? [] : ["# other numbers: \(Self.others)"])
    }

    /// The words for other numbers of a contract.
    private static let others =
        "mark, index, last, bid, ask, funding, interval, next funding, open interest, open interest coins, volume, change"
}

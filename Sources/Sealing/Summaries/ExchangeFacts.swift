import PerpCore

/// How an enabled exchange's hour went.
public enum ExchangeStatus: String, Hashable, Sendable, CaseIterable {
    /// Every expected endpoint was read.
    case ok
    /// The tickers were read, another endpoint was not.
    case partial
    /// There are no tickers.
    case failed
}

/// The liquidations of one exchange in the closed window `[hour - 3600 s, hour)`.
public struct LiquidationWindow: Hashable, Sendable {
    /// How much of the truth the sums can show; `.none` means that the sums say nothing.
    public var coverageClass: LiquidationCoverage
    /// Dollars of longs, and of shorts, that were closed by force.
    public var longUSD: Double
    /// Dollars of shorts that were closed by force.
    public var shortUSD: Double
    /// Events; `nil` where the exchange publishes totals without a count.
    public var count: Int64?
    /// The fraction of the time in which the feed was heard, 0 to 1; 1 where the feed is REST.
    public var heardShare = 1.0

    /// Takes sums in dollars; `nil` for `count` when events are not counted.
    public init(
        coverageClass: LiquidationCoverage, longUSD: Double = 0, shortUSD: Double = 0, count: Int64? = nil
    ) {
        self.coverageClass = coverageClass
        self.longUSD = longUSD
        self.shortUSD = shortUSD
        self.count = count
    }

    /// An exchange that offers no liquidations, or did not answer.
    public static let unknown = LiquidationWindow(coverageClass: .none)

    /// The weakest coverage class of several hours, their dollars, their events where counted, and the mean share that was
    /// heard; `unknown` without any hour.
    package static func sum(_ hours: [LiquidationWindow]) -> LiquidationWindow {
        guard !hours.isEmpty else { return .unknown }
        let counts = hours.compactMap(\.count)
        var sum = LiquidationWindow(
            coverageClass: .weakest(hours.map(\.coverageClass)), longUSD: hours.reduce(0) { $0 + $1.longUSD },
            shortUSD: hours.reduce(0) { $0 + $1.shortUSD }, count: counts.isEmpty ? nil : counts.reduce(0, +))
        sum.heardShare = hours.reduce(0) { $0 + $1.heardShare } / Double(hours.count)
        return sum
    }
}

/// What one enabled exchange said in one hour.
public struct ExchangeFacts: Sendable {
    /// The exchange that reported.
    public var exchange: Exchange
    /// How the hour of the exchange went.
    public var status: ExchangeStatus
    /// Why the status is not `ok`.
    public var reason: String?
    /// Sorted by symbol in byte order; every contract, dated ones among them.
    public var tickers: [Ticker]
    /// Symbols that the exchange lists as not trading. A symbol that is not here counts as trading.
    public var notTrading: Set<String>
    /// Long and short fractions, of any population and coin.
    public var longShortRatios: [LongShortRatio]
    /// Spot prices, for the basis and the value of dollar tokens.
    public var spotTickers: [SpotTicker]
    /// The liquidations of the hour before `hour`.
    public var liquidations: LiquidationWindow
    /// Why the exchange is absent: the ledger's word, such as `blocked`; `nil` where it is there or nothing is known.
    public var cause: String?
    /// Whether classes of assets are known; without them shares count among the coins.
    public var knowsClasses: Bool

    /// The cause of an exchange that the settings do not ask for.
    public static let notAsked = "not_asked"

    /// Takes the facts of one exchange and hour.
    public init(
        exchange: Exchange, status: ExchangeStatus, reason: String? = nil, tickers: [Ticker] = [],
        notTrading: Set<String> = [], longShortRatios: [LongShortRatio] = [],
        spotTickers: [SpotTicker] = [], liquidations: LiquidationWindow = .unknown, cause: String? = nil,
        knowsClasses: Bool = true
    ) {
        self.exchange = exchange
        self.status = status
        self.reason = reason
        self.tickers = tickers
        self.notTrading = notTrading
        self.longShortRatios = longShortRatios
        self.spotTickers = spotTickers
        self.liquidations = liquidations
        self.cause = cause
        self.knowsClasses = knowsClasses
    }
}

/// Everything that sealing an hour needs: what the exchanges said, and what earlier hours left behind.
public struct HourInput: Sendable {
    /// The hour to seal, in UTC.
    public var hour: Hour
    /// The enabled exchanges, those that failed among them; their order does not matter.
    public var exchanges: [ExchangeFacts]
    /// Hours before `hour`. Later ones, if there are any, are not looked at.
    public var history: History

    /// Takes the facts of one hour and the hours before it.
    public init(hour: Hour, exchanges: [ExchangeFacts], history: History) {
        self.hour = hour
        self.exchanges = exchanges
        self.history = history
    }
}

/// A stored hour: what it was sealed with, and the rows that sealing it made.
public struct SealedHour: Sendable {
    /// What the exchanges said, and the hours before.
    public var input: HourInput
    /// The rows.
    public var summary: HourSummary
    /// Contracts of which this hour's lists of instruments are the first to state another interval of funding.
    public var intervalChanges: [FundingIntervalChange] = []

    /// Takes an hour's rows beside what they were made from.
    public init(input: HourInput, summary: HourSummary) {
        self.input = input
        self.summary = summary
    }

    /// Seals an hour that is stored nowhere: one of a test, or one as it might have been.
    public init(sealing input: HourInput) {
        self.init(input: input, summary: HourSummarizer.summarize(input))
    }

    /// The hour, in UTC.
    public var hour: Hour { summary.hour }
}

/// Where the records of one exchange and hour come from, and how much of it was understood.
public struct Source: Hashable, Sendable {
    /// How the requests to one endpoint went.
    public struct EndpointCount: Hashable, Sendable {
        /// Requests with a usable response.
        public var ok = 0
        /// Requests that failed after all attempts.
        public var failed = 0
        /// Rows in the responses.
        public var rows = 0
        /// Rows, or whole responses, that were rejected.
        public var rejected = 0
        /// Symbols that the responses name but the complete list of instruments does not.
        public var unlisted = 0

        /// Creates the counts of an endpoint; those that are left out are 0.
        public init(ok: Int = 0, failed: Int = 0, rows: Int = 0, rejected: Int = 0, unlisted: Int = 0) {
            self.ok = ok
            self.failed = failed
            self.rows = rows
            self.rejected = rejected
            self.unlisted = unlisted
        }
    }

    /// SHA-256 of the stored bytes of the raw file, in lower-case hexadecimal.
    public var rawSHA256: String
    /// The version of the rules by which the records were made from raw.
    public var transformVersion: Int
    /// Number of lines of the raw file, including failed attempts.
    public var responses: Int
    /// Number of those that are usable responses.
    public var responsesOK: Int
    /// The counts of each endpoint, in the order of the adapter's table.
    public var endpoints: [(name: String, count: EndpointCount)]
    /// The coverage class of the exchange's liquidations.
    public var liquidations: LiquidationCoverage
    /// When the first response was received; `nil` without any.
    public var observedFrom: Timestamp?
    /// When the last response was received; `nil` without any.
    public var observedTo: Timestamp?
    /// Whether one of the responses came from a simulator.
    public var isSimulated: Bool

    /// Creates a source; unless stated otherwise no response came from a simulator.
    public init(
        rawSHA256: String, transformVersion: Int, responses: Int, responsesOK: Int,
        endpoints: [(name: String, count: EndpointCount)], liquidations: LiquidationCoverage,
        observedFrom: Timestamp?, observedTo: Timestamp?, isSimulated: Bool = false
    ) {
        self.rawSHA256 = rawSHA256
        self.transformVersion = transformVersion
        self.responses = responses
        self.responsesOK = responsesOK
        self.endpoints = endpoints
        self.liquidations = liquidations
        self.observedFrom = observedFrom
        self.observedTo = observedTo
        self.isSimulated = isSimulated
    }

    /// Whether the rules that made the file know classes of assets; older ones count shares among the coins.
    public var knowsClasses: Bool { transformVersion >= AssetClass.statedSinceTransformVersion }

    /// Whether all fields are equal, the endpoints in their order.
    public static func == (left: Source, right: Source) -> Bool {
        left.rawSHA256 == right.rawSHA256 && left.transformVersion == right.transformVersion
            && left.responses == right.responses && left.responsesOK == right.responsesOK
            && left.endpoints.elementsEqual(right.endpoints, by: ==)
            && left.isSimulated == right.isSimulated && left.liquidations == right.liquidations
            && left.observedFrom == right.observedFrom && left.observedTo == right.observedTo
    }

    /// Hashes `rawSHA256` only: equal sources have equal ones.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawSHA256) }
}

/// Everything that one exchange said in one hour: the content of a staged file.
///
/// Each list is sorted by symbol in byte order and then by time, so that the order of the
/// responses leaves no trace.
public struct StagedHour: Hashable, Sendable {
    /// The exchange that was asked.
    public var exchange: Exchange
    /// The hour in which the first request was sent.
    public var hour: Hour
    /// Where the records come from.
    public var source: Source
    /// The listed contracts; empty when no list was received.
    public var instruments: [Instrument] = []
    /// The state of the trading contracts.
    public var tickers: [Ticker] = []
    /// How holders are split between long and short.
    public var longShortRatios: [LongShortRatio] = []
    /// Forced closings, each stated by every hour whose responses still show it.
    public var liquidations: [Liquidation] = []
    /// Sums of forced closings that the exchange publishes.
    public var liquidationTotals: [LiquidationTotal] = []
    /// The spot markets of coins.
    public var spotTickers: [SpotTicker] = []
    /// The funding that was settled lately.
    public var fundingSettlements: [FundingSettlement] = []
    /// How much of the hour the stream was heard; `nil` in a file of responses.
    public var stream: StreamRecord?
    /// Which dataset of the past the file holds; `nil` in a file of an hour. The records are then about other hours than
    /// the file's, which is that in which they were asked.
    public var history: HistoryDataset?
    /// Whether a file of the past is of archives that the exchange publishes, and not of its answers.
    public var isOfArchives = false
    /// How prices moved, in a file of the past.
    public var candles: [Candle] = []
    /// Open interest at instants of the past.
    public var openInterests: [OpenInterest] = []
    /// For which spans the exchange answered whole, in a file of the past.
    public var historySpans: [HistorySpan] = []
    /// What could not be understood.
    public var rejections: [Rejection] = []

    /// Creates an hour without records.
    public init(exchange: Exchange, hour: Hour, source: Source) {
        self.exchange = exchange
        self.hour = hour
        self.source = source
    }

    /// Whose file it is: only those of a stream say how much of the hour was heard, and only those of the past a dataset.
    public var feed: Feed {
        history != nil ? (isOfArchives ? .archive : .history) : stream == nil ? .live : .stream
    }

    /// Number of records of all kinds, without the source and the rejections.
    public var recordCount: Int {
        instruments.count + tickers.count + longShortRatios.count + liquidations.count
            + liquidationTotals.count + spotTickers.count + fundingSettlements.count + candles.count
            + openInterests.count
    }
}

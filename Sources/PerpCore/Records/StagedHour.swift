/// Where the records of one exchange and hour come from, and how much of it was understood.
public struct Source: Hashable, Sendable {
    /// How the requests to one endpoint went.
    public struct EndpointCount: Hashable, Sendable {
        /// Requests that were answered.
        public var ok = 0
        /// Requests that were not, after all attempts.
        public var failed = 0
        /// Rows in the answers.
        public var rows = 0
        /// Rows, or whole answers, that were set aside.
        public var rejected = 0
        /// Symbols that the answers name and the whole list of instruments does not.
        public var unlisted = 0

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
    public var transformVersion: Int
    /// Lines of the raw file, failed attempts among them.
    public var responses: Int
    public var responsesOK: Int
    /// In the order of the adapter's table.
    public var endpoints: [(name: String, count: EndpointCount)]
    public var liquidations: LiquidationCoverage
    /// When the first and the last answer were received; `nil` without any.
    public var observedFrom: Timestamp?
    public var observedTo: Timestamp?
    /// Whether a simulator gave one of the answers.
    public var isSimulated: Bool

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

    /// Whether the rules of the file know classes of assets; without them shares count among the coins.
    public var knowsClasses: Bool { transformVersion >= AssetClass.statedSinceTransformVersion }

    public static func == (left: Source, right: Source) -> Bool {
        left.rawSHA256 == right.rawSHA256 && left.transformVersion == right.transformVersion
            && left.responses == right.responses && left.responsesOK == right.responsesOK
            && left.endpoints.elementsEqual(right.endpoints, by: ==)
            && left.isSimulated == right.isSimulated && left.liquidations == right.liquidations
            && left.observedFrom == right.observedFrom && left.observedTo == right.observedTo
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(rawSHA256) }
}

/// Everything that one exchange said in one hour: the content of a staged file.
///
/// Each list is sorted by symbol in byte order and then by time, so that the order of the
/// answers leaves no trace.
public struct StagedHour: Hashable, Sendable {
    public var exchange: Exchange
    public var hour: Hour
    public var source: Source
    public var instruments: [Instrument] = []
    public var tickers: [Ticker] = []
    public var longShortRatios: [LongShortRatio] = []
    public var liquidations: [Liquidation] = []
    public var liquidationTotals: [LiquidationTotal] = []
    public var spotTickers: [SpotTicker] = []
    public var fundingSettlements: [FundingSettlement] = []
    public var rejections: [Rejection] = []

    public init(exchange: Exchange, hour: Hour, source: Source) {
        self.exchange = exchange
        self.hour = hour
        self.source = source
    }

    /// Records of all kinds, the source and the rejections left out.
    public var recordCount: Int {
        instruments.count + tickers.count + longShortRatios.count + liquidations.count
            + liquidationTotals.count + spotTickers.count + fundingSettlements.count
    }
}

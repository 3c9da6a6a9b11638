import PerpCore

/// An event: contracts settle funding every so many other hours than before, which an exchange does where the price strays.
enum FundingIntervalChanged {
    /// Contracts that a message says all about; the others are named.
    static let toldContracts = 3
    private static let namedContracts = 10

    static func detect(_ context: MarketContext) -> Detection {
        let changes = context.intervalChanges.filter(\.isTraded)
        let largest = changes.first
        var conditions = Conditions()
        conditions.check("another interval of funding, on a contract with $5 million of volume", !changes.isEmpty)
        return Detection(
            .fundingIntervalChange, context, fires: conditions.areMet, confidence: changes.isEmpty ? 0 : 100,
            direction: .neutral, conditions: conditions,
            metrics: [
                Metric(
                    "volume of the contracts", changes.isEmpty ? nil : changes.compactMap(\.volumeUSD24h).reduce(0, +),
                    "USD"),
                Metric("funding a year before", largest?.previousAPR, "%"),
                Metric("funding a year now", largest?.apr, "%"),
            ],
            message: message(changes))
    }

    private static func message(_ changes: [FundingIntervalChange]) -> [String] {
        if changes.isEmpty { return ["No contract with volume has another interval of funding since this hour."] }
        let others = changes.dropFirst(toldContracts)
        return changes.prefix(toldContracts).map(\.sentence) + (others.isEmpty ? [] : [rest(Array(others))])
    }

    /// `And 2 more: Bybit AAAUSDT (8 h to 4 h), OKX BBB-USDT-SWAP (4 h to 1 h).`
    private static func rest(_ changes: [FundingIntervalChange]) -> String {
        let names = changes.prefix(namedContracts).map { "\($0.contract) (\($0.turn))" }
        let end = changes.count > namedContracts ? " and others" : ""
        return "And \(changes.count) more: \(names.joined(separator: ", "))\(end)."
    }
}

extension FundingIntervalChange {
    /// Dollars of a day below which no funding trade is listed: the event of a contract with less moves no money.
    static let neededVolume = FundingSpreads.neededVolume

    /// Whether so much is traded that the change matters.
    var isTraded: Bool { (volumeUSD24h ?? 0) >= Self.neededVolume }

    /// Percent per year, simple, of the last rate before; `nil` when none was told.
    public var previousAPR: Double? {
        previousRate.map { FundingAPR.percent(rate: $0, intervalHours: previousHours) }
    }

    /// Percent per year, simple, of the rate in the hour of the change; `nil` when none was told.
    public var apr: Double? { rate.map { FundingAPR.percent(rate: $0, intervalHours: hours) } }

    /// `Bybit SOLUSDT`
    public var contract: String { "\(exchange.displayName) \(symbol.printable)" }

    /// `8 h to 1 h`
    public var turn: String { "\(Self.length(previousHours)) to \(Self.length(hours))" }

    /// `Bybit SOLUSDT: 8 h to 1 h. Was +0.0100 % each 8 h (+10.95 % a year), is +0.0100 % each 1 h (+0.0800 % / 8 h, +87.60 %
    /// a year).`
    public var sentence: String {
        let before = Self.words(previousRate, previousHours, previousAPR)
        return "\(contract): \(turn). Was \(before), is \(Self.words(rate, hours, apr))."
    }

    private static func words(_ rate: Double?, _ hours: Double, _ apr: Double?) -> String {
        guard let rate else { return "n/a each \(length(hours))" }
        let eight = hours == 8 ? "" : Phrases.funding(100 * rate * 8 / hours) + ", "
        return "\(Phrases.percent(100 * rate, 4)) each \(length(hours)) (\(eight)\(Phrases.percent(apr, 2)) a year)"
    }

    private static func length(_ hours: Double) -> String {
        "\(Numbers.fixed(hours, hours == hours.rounded() ? 0 : 2)) h"
    }
}

extension [FundingIntervalChange] {
    /// Those with the most volume first.
    public var byVolume: Self {
        sorted { ($1.volumeUSD24h ?? 0, $0.exchange.id, $0.symbol) < ($0.volumeUSD24h ?? 0, $1.exchange.id, $1.symbol) }
    }
}

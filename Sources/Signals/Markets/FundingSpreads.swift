import PerpCore
import Sealing

/// Finds the funding trades of an hour.
public struct FundingSpreads: Sendable {
    static let neededVolume = 5e6
    /// A smaller gap is none: rates that exchanges compute differ in their last digits. Percent per year.
    static let smallestGap = 1e-4
    /// Both legs are observed within this time, in milliseconds.
    static let longestGap: Int64 = 600_000

    /// Fractions of notional, by exchange.
    public var takerFees: TakerFees
    /// Days after which both legs are closed, which shares out the fees.
    public var holdDays: Double

    /// Takes fees as fractions of notional, and days.
    public init(takerFees: TakerFees = TakerFees(), holdDays: Double = FundingSpread.defaultHoldDays) {
        self.takerFees = takerFees
        self.holdDays = holdDays
    }

    /// All pairs of reference perpetuals, best net rate first, then by coin and exchanges.
    ///
    /// - Parameter settlements: those of the last 7 days, by exchange.
    public func find(
        in exchanges: [GuardedExchange], settlements: [Exchange: [FundingSettlement]] = [:]
    ) -> [FundingSpread] {
        let legs = legs(of: exchanges, settlements: settlements)
        let found = legs.flatMap { asset, legs in spreads(asset, legs) }
        let netAPRs = found.map(\.netAPR)
        // Sorts indices instead of spreads, which are large.
        return found.indices.sorted { left, right in
            if netAPRs[left] != netAPRs[right] { return netAPRs[left] > netAPRs[right] }
            return Self.isBefore(found[left], found[right])
        }.map { found[$0] }
    }

    private func legs(
        of exchanges: [GuardedExchange], settlements: [Exchange: [FundingSettlement]]
    ) -> [String: [FundingSpread.Leg]] {
        var legs: [String: [FundingSpread.Leg]] = [:]
        for exchange in exchanges {
            let settled = Dictionary(grouping: settlements[exchange.exchange] ?? [], by: \.symbol)
            for (asset, place) in exchange.references {
                let reference = exchange.instruments[place]
                guard let leg = leg(exchange.exchange, reference, settled[reference.symbol]) else { continue }
                legs[asset, default: []].append(leg)
            }
        }
        return legs
    }

    private func leg(
        _ exchange: Exchange, _ instrument: GuardedInstrument, _ settled: [FundingSettlement]?
    ) -> FundingSpread.Leg? {
        let ticker = instrument.ticker
        guard let rate = ticker.fundingRate, let hours = ticker.fundingIntervalHours,
            let volume = ticker.volumeUSD24h, volume >= Self.neededVolume, !instrument.isPriceOutlier
        else { return nil }
        return FundingSpread.Leg(
            exchange: exchange, symbol: instrument.symbol,
            apr: FundingAPR.percent(rate: rate, intervalHours: hours),
            price: MidPrice.of(instrument), openInterestUSD: ticker.openInterestUSD, volumeUSD: volume,
            takerFee: takerFees[exchange], nextFundingAt: ticker.nextFundingAt,
            observedAt: ticker.observedAt, settled: settled.flatMap { SettledFunding($0) })
    }

    private func spreads(_ asset: String, _ legs: [FundingSpread.Leg]) -> [FundingSpread] {
        let legs = legs.sorted { ($0.apr, $0.exchange.id) < ($1.apr, $1.exchange.id) }
        return legs.indices.flatMap { low in
            legs[(low + 1)...].compactMap { high in
                guard high.apr - legs[low].apr >= Self.smallestGap else { return nil }
                guard high.observedAt.isWithin(Self.longestGap, of: legs[low].observedAt) else { return nil }
                return FundingSpread(asset: asset, short: high, long: legs[low], holdDays: holdDays)
            }
        }
    }

    private static func isBefore(_ left: FundingSpread, _ right: FundingSpread) -> Bool {
        (left.asset, left.short.exchange.id, left.long.exchange.id)
            < (right.asset, right.short.exchange.id, right.long.exchange.id)
    }
}

extension FundingTrade {
    /// What the strategies see of a spread.
    /// - Parameter next8: the funding that is forecast for the next eight hours, a fraction, by exchange and symbol.
    public init(_ spread: FundingSpread, next8: [Exchange: [String: Double]] = [:]) {
        self.init(
            asset: spread.asset, shortExchangeID: spread.short.exchange.id, longExchangeID: spread.long.exchange.id,
            netAPR: spread.netAPR, breakEvenDays: spread.breakEvenDays, capacityUSD: spread.capacityUSD,
            costs: spread.costs)
        legs = TradeLegs(
            short: .init(spread.short.exchange, spread.short.symbol),
            long: .init(spread.long.exchange, spread.long.symbol))
        forecastSpread8h = difference(
            next8[spread.short.exchange]?[spread.short.symbol], next8[spread.long.exchange]?[spread.long.symbol])
    }
}

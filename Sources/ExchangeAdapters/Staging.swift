import PerpCore

extension Batch {
    /// The records of all responses, in canonical units and in the order of a staged file.
    ///
    /// - Parameter source: the counts of requests; the counts of rows are added to its `endpoints`.
    public mutating func stagedHour(hour: Hour, source: Source) -> StagedHour {
        var staged = StagedHour(exchange: adapter.exchange, hour: hour, source: source)
        let unstatedInterval = adapter.unstatedFundingInterval(self)
        roster.learn(drafts, indexBySymbol)
        defer { roster.trim() }
        staged.instruments.reserveCapacity(drafts.count)
        staged.tickers.reserveCapacity(drafts.count)
        var unlisted = Unlisted(endpoints: adapter.endpoints.count)
        for index in roster.order where drafts[index].isNamed && !drafts[index].isOtherProduct {
            var draft = drafts[index]  // once: it is a long row
            if isUnlisted(draft) {
                unlisted.note(draft.symbol, endpoints: draft.endpoints)
                continue
            }
            guard let parts = draft.listing?.parts ?? adapter.parts(draft.symbol) else {
                reject(draft, "names no known pair of assets")
                continue
            }
            if parts.quote.isEmpty {
                reject(draft, "is priced in an asset that no answer names")
                continue
            }
            if let other = draft.listing?.indexedAs, let indexed = indexBySymbol[other] {
                draft.market.indexPrice = drafts[indexed].market.indexPrice
            }
            let assetClass = draft.assetClass
            let asset = roster.asset(parts.base, draft.presumedClass, at: index)
            if !draft.append(to: &staged, parts, asset, assetClass, unstatedInterval: unstatedInterval) {
                reject(draft, "stands in no answer about markets")
            }
        }
        staged.longShortRatios = namedRatios()
        staged.liquidations = canonicalLiquidations(&unlisted)
        staged.spotTickers = namedSpotTickers()
        staged.fundingSettlements = namedSettlements()
        staged.rejections = rejections + unlisted.rejections(adapter.endpoints)
        for (index, endpoint) in adapter.endpoints.enumerated() {
            guard let entry = staged.source.endpoints.firstIndex(where: { $0.name == endpoint.id }) else { continue }
            staged.source.endpoints[entry].count.rows = rows[index]
            staged.source.endpoints[entry].count.rejected = rejected[index]
            staged.source.endpoints[entry].count.unlisted = unlisted.counts[index]
        }
        return staged
    }

    private mutating func reject(_ draft: Draft, _ reason: String) {
        let endpoint = adapter.endpoints[draft.endpoints.trailingZeroBitCount]
        reject(
            Rejection(
                endpoint: endpoint.id, symbol: draft.symbol, field: "symbol", reason: reason, value: draft.symbol))
    }

    /// The newest bucket of each series: older ones belong to other hours.
    private func namedRatios() -> [LongShortRatio] {
        let named = longShortRatios.map { $0.named(asset(of: $0.symbol)) }.sorted { left, right in
            (left.symbol, left.population.rawValue, left.period, left.observedAt)
                < (right.symbol, right.population.rawValue, right.period, right.observedAt)
        }
        func isNewest(_ index: Int) -> Bool {
            guard index + 1 < named.count else { return true }
            let (one, next) = (named[index], named[index + 1])
            return (one.symbol, one.population, one.period) != (next.symbol, next.population, next.period)
        }
        return named.indices.filter(isNewest).map { named[$0] }
    }

    private func namedSpotTickers() -> [SpotTicker] {
        spotTickers.compactMap { spot -> SpotTicker? in
            guard let parts = adapter.parts(spot.symbol) else { return nil }
            let coin = Assets.canonicalSpot(parts.base, on: adapter.exchange)
            return SpotTicker(
                symbol: spot.symbol, asset: coin.asset, quote: parts.quote,
                lastPrice: spot.lastPrice.map { $0 / coin.unitMultiplier },
                bidPrice: spot.bidPrice.map { $0 / coin.unitMultiplier },
                askPrice: spot.askPrice.map { $0 / coin.unitMultiplier },
                volumeUSD24h: Assets.isDollar(parts.quote) ? spot.volumeQuote : nil,
                observedAt: spot.observedAt)
        }
        .sorted { $0.symbol < $1.symbol }
    }

    private func namedSettlements() -> [FundingSettlement] {
        settlements.map { $0.named(asset(of: $0.symbol)) }.withPeriods
    }

    /// Takes out the liquidations that were read since the last call, sized by the list of instruments. What cannot be used
    /// is left out: the hour's file says why.
    mutating func takeLiquidations() -> [Liquidation] {
        var unlisted = Unlisted(endpoints: adapter.endpoints.count)
        defer {
            liquidations.removeAll(keepingCapacity: true)
            forgetRejections()
        }
        return canonicalLiquidations(&unlisted)
    }

    mutating func canonicalLiquidations(_ unlisted: inout Unlisted) -> [Liquidation] {
        decideUnits()
        var canonical: [Liquidation] = []
        canonical.reserveCapacity(liquidations.count)
        // Responses group rows by symbol: look each symbol up once.
        var symbol: String?
        var meaning: SymbolParts?
        var contractMultiplier: Double?
        var asset = roster.asset("", nil)
        var isListed = true
        let once = liquidationsOnce
        repeatedLiquidations = liquidations.count - once.count
        for draft in once {
            if draft.symbol != symbol {
                symbol = draft.symbol
                meaning = parts(of: draft.symbol)
                contractMultiplier = listing(of: draft.symbol)?.contractMultiplier
                let index = indexBySymbol[draft.symbol]
                asset = roster.asset(meaning?.base ?? "", index.flatMap { drafts[$0].presumedClass })
                isListed = index.map { !isUnlisted(drafts[$0]) } ?? !hasWholeList
            }
            if !isListed {
                unlisted.note(draft.symbol, endpoints: 1 << UInt32(draft.location.endpoint))
                continue
            }
            guard let parts = meaning else {
                rejectLiquidation(draft, field: "symbol", reason: "names no known pair of assets")
                continue
            }
            guard let size = baseSize(of: draft, contractMultiplier) else { continue }
            let isInverse = parts.kind == .inverse
            let quantity = isInverse ? size / draft.price : size
            let value = isInverse ? size : draft.unit == .quote ? draft.size : size * draft.price
            guard quantity.isFinite, value.isFinite else {
                rejectLiquidation(draft, field: "size", reason: "is too large")
                continue
            }
            canonical.append(
                Liquidation(
                    symbol: draft.symbol, asset: asset.asset, side: draft.side,
                    price: draft.price / asset.unitMultiplier,
                    quantityContracts: draft.unit == .contracts ? draft.size : draft.contracts,
                    quantityBase: quantity * asset.unitMultiplier,
                    valueUSD: Assets.isDollar(parts.quote) ? value : nil,
                    occurredAt: draft.occurredAt, id: draft.id))
        }
        return canonical.sorted { ($0.symbol, $0.occurredAt) < ($1.symbol, $1.occurredAt) }
    }

    /// The size in base units for a linear contract and in quote units for an inverse one; `nil`, with a rejection, when
    /// unknown.
    private mutating func baseSize(of draft: LiquidationDraft, _ contractMultiplier: Double?) -> Double? {
        switch draft.unit {
        case .base: return draft.size
        case .quote: return draft.size / draft.price
        case .contracts:
            if let contractMultiplier { return draft.size * contractMultiplier }
            rejectLiquidation(draft, field: "size", reason: "counts contracts of unknown size")
        case .baseOrQuote:
            rejectLiquidation(
                draft, field: "size", reason: "may be coins or quote units, and nothing in the answer decides")
        }
        return nil
    }

    /// Decides for each size in base or quote units which it is: the base quantity is a multiple of the contract's step.
    /// Rows that fit both or neither follow the majority of their response.
    private mutating func decideUnits() {
        guard liquidations.contains(where: { $0.unit == .baseOrQuote }) else { return }
        var votes: [Int: Int] = [:]
        for index in liquidations.indices where liquidations[index].unit == .baseOrQuote {
            let event = liquidations[index]
            guard let step = listing(of: event.symbol)?.sizeStep else { continue }
            let isBase = Self.isMultiple(event.size, of: step)
            guard isBase != Self.isMultiple(event.size / event.price, of: step) else { continue }
            liquidations[index].unit = isBase ? .base : .quote
            votes[event.location.response, default: 0] += isBase ? 1 : -1
        }
        for index in liquidations.indices where liquidations[index].unit == .baseOrQuote {
            let majority = votes[liquidations[index].location.response, default: 0]
            if majority != 0 { liquidations[index].unit = majority > 0 ? .base : .quote }
        }
    }

    /// Whether a value is a multiple of a step, within the rounding of `Double`.
    private static func isMultiple(_ value: Double, of step: Double) -> Bool {
        let steps = value / step
        return steps >= 0.5 && abs(steps - steps.rounded()) <= max(1e-6, steps * 4e-15)
    }

    /// The liquidations without repetitions by overlapping responses. Equal events in one response are different events:
    /// as many are kept as the response with most of them shows.
    private var liquidationsOnce: [LiquidationDraft] {
        guard hasOverlaps else { return liquidations }
        struct Sighting: Hashable {
            var draft: LiquidationDraft
            var response: Int
        }
        var seen: [Sighting: Int] = [:]
        var kept: [LiquidationDraft: Int] = [:]
        return liquidations.filter { liquidation in
            var event = liquidation
            event.location = RowLocation(response: 0, endpoint: 0, row: 0)
            let count = seen[Sighting(draft: event, response: liquidation.location.response), default: 0] + 1
            seen[Sighting(draft: event, response: liquidation.location.response)] = count
            guard count > kept[event, default: 0] else { return false }
            kept[event] = count
            return true
        }
    }

    /// Whether two responses have liquidations of one symbol.
    private var hasOverlaps: Bool {
        var tellers: [String: Int] = [:]
        var last: LiquidationDraft?
        for liquidation in liquidations {
            defer { last = liquidation }
            if let last, last.symbol == liquidation.symbol, last.location.response == liquidation.location.response {
                continue
            }
            let teller = tellers.updateValue(liquidation.location.response, forKey: liquidation.symbol)
            if let teller, teller != liquidation.location.response { return true }
        }
        return false
    }

    private mutating func rejectLiquidation(_ draft: LiquidationDraft, field: String, reason: String) {
        reject(
            Rejection(
                endpoint: adapter.endpoints[draft.location.endpoint].id, row: draft.location.row, symbol: draft.symbol,
                field: field, reason: reason, value: draft.symbol))
    }
}

/// Symbols in responses that the whole list of instruments does not name: delisted, test and announced contracts.
struct Unlisted {
    /// By the endpoint's index in the adapter's table.
    private var symbols: [Set<String>]

    init(endpoints: Int) { symbols = Array(repeating: [], count: endpoints) }

    var counts: [Int] { symbols.map(\.count) }

    /// - Parameter endpoints: one bit for each that names the symbol.
    mutating func note(_ symbol: String, endpoints: UInt32) {
        for endpoint in symbols.indices where endpoints & (1 << UInt32(endpoint)) != 0 {
            symbols[endpoint].insert(symbol)
        }
    }

    /// One rejection per endpoint, since every hour has hundreds of such symbols.
    func rejections(_ endpoints: [Endpoint]) -> [Rejection] {
        symbols.indices.compactMap { endpoint in
            symbols[endpoint].min().map { first in
                Rejection(
                    endpoint: endpoints[endpoint].id, symbol: first, field: "symbol",
                    reason: "names symbols that the list of instruments does not: this one is the first of them",
                    value: String(symbols[endpoint].count))
            }
        }
    }
}

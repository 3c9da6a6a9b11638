import PerpCore

extension Batch {
    /// The records of all answers, in canonical units and in the order of a staged file.
    ///
    /// `source.endpoints` gets the counts of rows; its counts of requests are the caller's.
    public mutating func stagedHour(hour: Hour, source: Source) -> StagedHour {
        var staged = StagedHour(exchange: adapter.exchange, hour: hour, source: source)
        let unstatedInterval = adapter.unstatedFundingInterval(self)
        roster.learn(drafts, places)
        defer { roster.trim() }
        staged.instruments.reserveCapacity(drafts.count)
        staged.tickers.reserveCapacity(drafts.count)
        for place in roster.order where drafts[place].isNamed {
            guard let parts = drafts[place].listing?.parts ?? adapter.parts(drafts[place].symbol) else {
                reject(drafts[place], "names no known pair of assets")
                continue
            }
            let coin = roster.coin(parts.base, at: place)
            if !drafts[place].append(to: &staged, parts: parts, coin: coin, unstatedInterval: unstatedInterval) {
                reject(drafts[place], "stands in no answer about markets")
            }
        }
        staged.longShortRatios = namedRatios()
        staged.liquidations = canonicalLiquidations()
        staged.spotTickers = namedSpotTickers()
        staged.fundingSettlements = namedSettlements(unstatedInterval)
        staged.rejections = rejections
        for (place, endpoint) in adapter.endpoints.enumerated() {
            guard let entry = staged.source.endpoints.firstIndex(where: { $0.name == endpoint.id }) else { continue }
            staged.source.endpoints[entry].count.rows = rows[place]
            staged.source.endpoints[entry].count.rejected = rejected[place]
        }
        return staged
    }

    private mutating func reject(_ draft: Draft, _ reason: String) {
        let endpoint = adapter.endpoints[draft.endpoints.trailingZeroBitCount]
        reject(
            Rejection(
                endpoint: endpoint.id, symbol: draft.symbol, field: "symbol", reason: reason, value: draft.symbol))
    }

    private func namedRatios() -> [LongShortRatio] {
        longShortRatios.map { ratio in
            var ratio = ratio
            ratio.asset = roster.coin(parts(of: ratio.symbol)?.base ?? ratio.symbol).asset
            return ratio
        }
        .sorted { left, right in
            (left.symbol, left.population.rawValue, left.observedAt)
                < (right.symbol, right.population.rawValue, right.observedAt)
        }
    }

    private func namedSpotTickers() -> [SpotTicker] {
        spotTickers.compactMap { spot -> SpotTicker? in
            guard let parts = adapter.parts(spot.symbol) else { return nil }
            let coin = roster.coin(parts.base)
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

    /// Settlements with the instrument's interval, or else the time since the neighbouring one.
    private func namedSettlements(_ unstatedInterval: Double?) -> [FundingSettlement] {
        var named = settlements.map { settlement in
            var settlement = settlement
            settlement.asset = roster.coin(parts(of: settlement.symbol)?.base ?? settlement.symbol).asset
            settlement.fundingIntervalHours =
                settlement.fundingIntervalHours ?? fundingInterval(of: settlement.symbol, unstatedInterval)
            return settlement
        }
        .sorted { ($0.symbol, $0.settledAt) < ($1.symbol, $1.settledAt) }
        for place in named.indices where named[place].fundingIntervalHours == nil {
            let neighbours = [place - 1, place + 1].filter {
                named.indices.contains($0) && named[$0].symbol == named[place].symbol
                    && named[$0].settledAt != named[place].settledAt
            }
            guard let neighbour = neighbours.first else { continue }
            let distance = named[place].settledAt.milliseconds - named[neighbour].settledAt.milliseconds
            named[place].fundingIntervalHours = Double(abs(distance)) / Double(Hour.milliseconds)
        }
        return named
    }

    /// The interval of a perpetual that the answers name.
    private func fundingInterval(of symbol: String, _ unstatedInterval: Double?) -> Double? {
        guard let place = places[symbol], drafts[place].isNamed, parts(of: symbol)?.contract == .perpetual else {
            return nil
        }
        return drafts[place].quote.fundingIntervalHours ?? drafts[place].fallback.fundingIntervalHours
            ?? drafts[place].listing?.fundingIntervalHours ?? unstatedInterval
    }

    private mutating func canonicalLiquidations() -> [Liquidation] {
        var canonical: [Liquidation] = []
        canonical.reserveCapacity(liquidations.count)
        // Answers tell of one symbol after the other: what a symbol means is looked up once.
        var symbol: String?
        var meaning: SymbolParts?
        var contractMultiplier: Double?
        for draft in liquidationsOnce {
            if draft.symbol != symbol {
                symbol = draft.symbol
                meaning = parts(of: draft.symbol)
                contractMultiplier = listing(of: draft.symbol)?.contractMultiplier
            }
            guard let parts = meaning else {
                rejectLiquidation(draft, field: "symbol", reason: "names no known pair of assets")
                continue
            }
            guard let multiplier = draft.countsCoins ? 1 : contractMultiplier else {
                rejectLiquidation(draft, field: "size", reason: "counts contracts of unknown size")
                continue
            }
            let coin = roster.coin(parts.base)
            let size = draft.size * multiplier
            let isInverse = parts.kind == .inverse
            let quantity = isInverse ? size / draft.price : size
            let value = isInverse ? size : size * draft.price
            guard quantity.isFinite, value.isFinite else {
                rejectLiquidation(draft, field: "size", reason: "is too large")
                continue
            }
            canonical.append(
                Liquidation(
                    symbol: draft.symbol, asset: coin.asset, side: draft.side,
                    price: draft.price / coin.unitMultiplier, quantityBase: quantity * coin.unitMultiplier,
                    valueUSD: Assets.isDollar(parts.quote) ? value : nil,
                    occurredAt: draft.occurredAt, id: draft.id))
        }
        return canonical.sorted { ($0.symbol, $0.occurredAt) < ($1.symbol, $1.occurredAt) }
    }

    /// The liquidations without those that an overlapping answer repeats. Equal events of one answer
    /// are different events: of each, as many stay as the answer that has most of them shows.
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
            event.place = Place(response: 0, endpoint: 0, row: 0)
            let count = seen[Sighting(draft: event, response: liquidation.place.response), default: 0] + 1
            seen[Sighting(draft: event, response: liquidation.place.response)] = count
            guard count > kept[event, default: 0] else { return false }
            kept[event] = count
            return true
        }
    }

    /// Whether two answers tell of one symbol's liquidations.
    private var hasOverlaps: Bool {
        var tellers: [String: Int] = [:]
        var last: LiquidationDraft?
        for liquidation in liquidations {
            defer { last = liquidation }
            if let last, last.symbol == liquidation.symbol, last.place.response == liquidation.place.response {
                continue
            }
            let teller = tellers.updateValue(liquidation.place.response, forKey: liquidation.symbol)
            if let teller, teller != liquidation.place.response { return true }
        }
        return false
    }

    private mutating func rejectLiquidation(_ draft: LiquidationDraft, field: String, reason: String) {
        reject(
            Rejection(
                endpoint: adapter.endpoints[draft.place.endpoint].id, row: draft.place.row, symbol: draft.symbol,
                field: field, reason: reason, value: draft.symbol))
    }
}

import PerpCore

extension Batch {
    /// The facts of all answers about the past, in canonical units and in the order of a staged file.
    ///
    /// - Parameters:
    ///   - hour: that in which the first question was asked.
    ///   - source: the counts of requests; the counts of rows are added to its `endpoints`.
    ///   - spans: those for which the exchange answered whole.
    public mutating func stagedHistory(
        _ dataset: HistoryDataset, hour: Hour, source: Source, spans: [HistorySpan]
    ) -> StagedHour {
        var staged = StagedHour(exchange: adapter.exchange, hour: hour, source: source)
        staged.history = dataset
        staged.historySpans = Set(spans).sorted { ($0.symbol, $0.from, $0.to) < ($1.symbol, $1.from, $1.to) }
        staged.candles = namedCandles()
        staged.openInterests = namedOpenInterests()
        staged.fundingSettlements = once(settlements.map { $0.named(asset(of: $0.symbol)) }) {
            ($0.symbol, $0.settledAt) < ($1.symbol, $1.settledAt)
        }
        staged.longShortRatios = once(longShortRatios.map { $0.named(asset(of: $0.symbol)) }) {
            ($0.symbol, $0.population.rawValue, $0.observedAt) < ($1.symbol, $1.population.rawValue, $1.observedAt)
        }
        var unlisted = Unlisted(endpoints: adapter.endpoints.count)
        staged.liquidations = canonicalLiquidations(&unlisted)
        staged.rejections = rejections + unlisted.rejections(adapter.endpoints)
        for (index, endpoint) in adapter.endpoints.enumerated() {
            guard let entry = staged.source.endpoints.firstIndex(where: { $0.name == endpoint.id }) else { continue }
            staged.source.endpoints[entry].count.rows = rows[index]
            staged.source.endpoints[entry].count.rejected = rejected[index]
            staged.source.endpoints[entry].count.unlisted = unlisted.counts[index]
        }
        return staged
    }

    private func namedCandles() -> [Candle] {
        let named = mapping(history.candles, symbol: \.symbol) { draft, contract in
            let unit = contract.unitMultiplier
            let contracts = draft.volumeContracts.flatMap { count in contract.multiplier.map { count * $0 } }
            let isInverse = contract.kind == .inverse
            let base = draft.volumeBase ?? (isInverse ? nil : contracts)
            // As of tickers: a missing turnover is the base volume at a price, here the mean of open and close.
            let quote =
                draft.volumeQuote ?? (isInverse ? contracts : base.map { $0 * (draft.open + draft.close) / 2 })
            return Candle(
                symbol: draft.symbol, asset: contract.asset, priceKind: draft.priceKind, from: draft.from,
                open: draft.open / unit, high: draft.high / unit, low: draft.low / unit, close: draft.close / unit,
                volumeBase: base.map { $0 * unit },
                volumeUSD: contract.isInDollars ? quote : nil)
        }
        return once(named) {
            ($0.symbol, $0.priceKind.rawValue, $0.from) < ($1.symbol, $1.priceKind.rawValue, $1.from)
        }
    }

    private func namedOpenInterests() -> [OpenInterest] {
        let named = mapping(history.openInterests, symbol: \.symbol) { draft, contract in
            let contracts = draft.contracts.flatMap { count in contract.multiplier.map { count * $0 } }
            let isInverse = contract.kind == .inverse
            return OpenInterest(
                symbol: draft.symbol, asset: contract.asset, observedAt: draft.observedAt, contracts: draft.contracts,
                base: (draft.base ?? (isInverse ? nil : contracts)).map { $0 * contract.unitMultiplier },
                usd: contract.isInDollars ? draft.quote ?? (isInverse ? contracts : nil) : nil)
        }
        return once(named) { ($0.symbol, $0.observedAt) < ($1.symbol, $1.observedAt) }
    }

    /// What the units of a contract are.
    private struct Contract {
        var asset: String
        var unitMultiplier: Double
        var kind: ContractKind
        var multiplier: Double?
        var isInDollars: Bool
    }

    /// Turns drafts into records, looking up each contract once: answers group rows by contract.
    private func mapping<Draft, Record>(
        _ drafts: [Draft], symbol: KeyPath<Draft, String>, _ record: (Draft, Contract) -> Record
    ) -> [Record] {
        var known: (symbol: String, contract: Contract)?
        return drafts.map { draft in
            let name = draft[keyPath: symbol]
            if known?.symbol != name { known = (name, contract(name)) }
            return record(draft, known!.contract)  // set above
        }
    }

    private func contract(_ symbol: String) -> Contract {
        let parts = parts(of: symbol)
        let draft = indexBySymbol[symbol].map { drafts[$0] }
        let asset = roster.asset(parts?.base ?? symbol, draft?.presumedClass)
        return Contract(
            asset: asset.asset, unitMultiplier: asset.unitMultiplier, kind: parts?.kind ?? .linear,
            multiplier: draft?.listing?.contractMultiplier,
            isInDollars: parts.map { Assets.isDollar($0.quote) } ?? false)
    }

    /// The records sorted, each once: edges of pages repeat. Of two that differ under one key both are kept, in the order
    /// in which they were told.
    private func once<Record: Hashable>(_ records: [Record], by isBefore: (Record, Record) -> Bool) -> [Record] {
        let sorted = records.enumerated().sorted {
            isBefore($0.element, $1.element) || !isBefore($1.element, $0.element) && $0.offset < $1.offset
        }
        var once: [Record] = []
        once.reserveCapacity(sorted.count)
        for (_, record) in sorted where once.last != record { once.append(record) }
        return once
    }
}

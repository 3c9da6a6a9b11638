import GRDB
import PerpCore
import Sealing
import WarehouseSQL

/// Reads back what the exchanges said in an hour.
final class HourReader {
    private let listings: ListingCache
    private let exchanges: Statement
    private let endpoints: Statement
    private let tickers: Statement
    private let positions: Statement
    let measures: Statement
    private let findings: Statement
    private let notTrading: Statement
    private let notCore: Statement
    private let longShort: Statement
    private let spot: Statement
    private let events: Statement
    /// The same events, with the class that was stated last when the responses state none.
    private let unstatedEvents: Statement
    private let sizes: ContractSizes
    private let totals: Statement
    private let streamCoverage: Statement
    private let streamEvents: Statement

    init(_ database: Database, listings: ListingCache) throws {
        self.listings = listings
        exchanges = try Statement(
            database,
            WarehouseSQL.query("hour_reader.exchanges"))
        endpoints = try Statement(
            database,
            WarehouseSQL.query("hour_reader.endpoints"))
        tickers = try Statement(
            database,
            WarehouseSQL.query("hour_reader.tickers", ["columns": FactTables.ticker.columnList]))
        positions = try Statement(
            database, "SELECT listing_id, open_interest_usd, mark_price FROM ticker WHERE hour = ?")
        measures = try Statement(
            database, "SELECT listing_id, mark_price, open_interest_usd, volume_usd_24h FROM ticker WHERE hour = ?")
        findings = try Statement(
            database, "SELECT exchange_id, symbol, field, reason FROM field_finding WHERE hour = ?")
        notTrading = try Statement(
            database,
            WarehouseSQL.query("hour_reader.not_trading"))
        notCore = try Statement(database, WarehouseSQL.query("hour_reader.not_core"))
        longShort = try Statement(
            database,
            WarehouseSQL.query("hour_reader.long_short", ["columns": FactTables.longShort.columnList]))
        spot = try Statement(
            database,
            WarehouseSQL.query("hour_reader.spot", ["columns": FactTables.spotTicker.columnList]))
        func events(asset: String) throws -> Statement {
            try Statement(
                database,
                WarehouseSQL.query("hour_reader.events", ["asset": asset]))
        }
        self.events = try events(asset: "asset")
        unstatedEvents = try events(asset: UnstatedClasses.liquidationAsset)
        sizes = try ContractSizes(database)
        totals = try Statement(
            database,
            WarehouseSQL.query("hour_reader.totals"))
        streamCoverage = try Statement(database, WarehouseSQL.query("stream.coverage"))
        streamEvents = try Statement(database, WarehouseSQL.query("stream.events"))
    }

    /// The expected exchanges of an hour with everything that is loaded of them, in the fixed order.
    /// - Parameter recent: facts that need not be read, used when it has those of all exchanges.
    func exchangeFacts(at hour: Hour, recent: RecentFacts = RecentFacts()) throws -> [ExchangeFacts] {
        var result = try exchangeStates(at: hour)
        let loaded = result.values.filter { $0.liquidations != nil }.map(\.facts.exchange)
        let kept = loaded.compactMap { recent.facts($0, hour) }
        if kept.count == loaded.count {
            for facts in kept { result[facts.exchange]?.facts = facts }
        } else {
            for (exchange, rows) in try readTickers(at: hour) {
                result[exchange]?.facts.tickers = rows
                if result[exchange]?.facts.knowsClasses == false { result[exchange]?.facts.countAllAsCoins() }
            }
            for (exchange, symbols) in try readNotCore(at: hour) { result[exchange]?.facts.setNotCore(symbols) }
            try readNotTrading(at: hour, into: &result)
            try readLongShortRatios(at: hour, into: &result)
            try readSpotTickers(at: hour, into: &result)
        }
        let feeds = try liquidationFeeds(at: hour, coverage: result.mapValues(\.liquidations))
        return result.values.map { state in
            var facts = state.facts
            facts.liquidations = feeds[facts.exchange]?.window ?? .unknown
            return facts
        }.sorted { $0.exchange < $1.exchange }
    }

    /// The open interest of a sealed hour, without what the field guards rejected, as its findings say.
    func snapshot(at hour: Hour) throws -> OpenInterestSnapshot {
        let found = Dictionary(grouping: try readFindings(at: hour), by: \.exchange)
        var total: Double?
        var kept: [OpenInterestSnapshot.ExchangeOpenInterest] = []
        for (exchange, rows) in try readPositions(at: hour).sorted(by: { $0.key.id < $1.key.id }) {
            let findings = Dictionary(grouping: found[exchange] ?? [], by: \.symbol)
            var openInterest = OpenInterestSnapshot.ExchangeOpenInterest(
                exchange: exchange, instruments: [], knowsClasses: rows.knowsClasses)
            openInterest.instruments.reserveCapacity(rows.positions.count)
            for row in rows.positions {
                let doubts = findings[row.symbol] ?? []
                guard let value = row.openInterestUSD, !doubts.contains(where: { $0.field == "open_interest_usd" })
                else { continue }
                total = (total ?? 0) + value
                guard let mark = row.markPrice,
                    !doubts.contains(where: { $0.field == "mark_price" && $0.reason == .outOfRange })
                else { continue }
                openInterest.instruments.append(
                    OpenInterestSnapshot.InstrumentOpenInterest(
                        symbol: row.symbol, kind: row.kind, openInterestUSD: value, markPrice: mark,
                        isPriceOutlier: doubts.contains { $0.reason == .priceOutlier }))
            }
            if !openInterest.instruments.isEmpty { kept.append(openInterest) }
        }
        return OpenInterestSnapshot(hour: hour, exchanges: kept, totalOpenInterestUSD: total)
    }

    // MARK: - Parts

    /// About as many contracts as a large exchange lists.
    private static let usualTickers = 700

    struct ExchangeState {
        var facts: ExchangeFacts
        /// The coverage class of the exchange's own file; `nil` without a file.
        var liquidations: LiquidationCoverage?
    }

    func exchangeStates(at hour: Hour) throws -> [Exchange: ExchangeState] {
        let counts = try endpointCounts(at: hour)
        var result: [Exchange: ExchangeState] = [:]
        try exchanges.forEach(hour) {
            (
                exchange: Exchange, stagedSHA256: String?, reason: String?, tickers: Int?,
                liquidations: LiquidationCoverage?, cause: String?, transformVersion: Int?
            ) in
            guard stagedSHA256 != nil, let tickers, let transformVersion else {
                result[exchange] = ExchangeState(
                    facts: ExchangeFacts(exchange: exchange, status: .failed, reason: reason, cause: cause))
                return
            }
            let (status, reason) = ExchangeStatus.judge(tickers: tickers, counts[exchange] ?? [])
            result[exchange] = ExchangeState(
                facts: ExchangeFacts(
                    exchange: exchange, status: status, reason: reason,
                    knowsClasses: transformVersion >= AssetClass.statedSinceTransformVersion),
                liquidations: liquidations)
        }
        return result
    }

    private func endpointCounts(at hour: Hour) throws -> [Exchange: [(
        name: String, count: Source.EndpointCount
    )]] {
        var result: [Exchange: [(name: String, count: Source.EndpointCount)]] = [:]
        try endpoints.forEach(hour) { exchange, endpoint, ok, failed, rows, rejected in
            result[exchange, default: []].append(
                (endpoint, Source.EndpointCount(ok: ok, failed: failed, rows: rows, rejected: rejected)))
        }
        return result
    }

    private func readTickers(at hour: Hour) throws -> [Exchange: [Ticker]] {
        var byPosition: [[Ticker]] = Array(repeating: [], count: Exchange.allCases.count)
        for index in byPosition.indices { byPosition[index].reserveCapacity(Self.usualTickers) }
        try tickers.forEachRow(hour) { row in
            let listed = try listed(row.integer(1))
            byPosition[listed.exchange.position].append(
                try row.record(FactTables.ticker.fields, into: Ticker(unreadOf: listed.listing), behind: 2))
        }
        var result: [Exchange: [Ticker]] = [:]
        for exchange in Exchange.allCases where !byPosition[exchange.position].isEmpty {
            byPosition[exchange.position].sort { $0.symbol < $1.symbol }
            result[exchange] = byPosition[exchange.position]
        }
        return result
    }

    private struct InstrumentPosition {
        var symbol: String
        var kind: ContractKind
        var openInterestUSD: Double?
        var markPrice: Double?
    }

    /// The trading perpetuals on coins that the expected exchanges list themselves, by symbol.
    private func readPositions(
        at hour: Hour
    ) throws -> [Exchange: (positions: [InstrumentPosition], knowsClasses: Bool)] {
        var states = try exchangeStates(at: hour)
        try readNotTrading(at: hour, into: &states)
        let notCore = try readNotCore(at: hour)
        var byPosition: [[InstrumentPosition]] = Array(repeating: [], count: Exchange.allCases.count)
        for index in byPosition.indices { byPosition[index].reserveCapacity(Self.usualTickers) }
        try positions.forEachRow(hour) { row in
            let listed = try listed(row.integer(0))
            let listing = listed.listing
            guard listing.contract == .perpetual, listing.assetClass == .crypto || listing.assetClass == nil else {
                return
            }
            byPosition[listed.exchange.position].append(
                InstrumentPosition(
                    symbol: listing.symbol, kind: listing.kind, openInterestUSD: row.optionalNumber(1),
                    markPrice: row.optionalNumber(2)))
        }
        var result: [Exchange: (positions: [InstrumentPosition], knowsClasses: Bool)] = [:]
        for (exchange, state) in states {
            let leftOut = state.facts.notTrading.union(notCore[exchange] ?? [])
            let positions = byPosition[exchange.position].filter { !leftOut.contains($0.symbol) }
                .sorted { $0.symbol < $1.symbol }
            result[exchange] = (positions, state.facts.knowsClasses)
        }
        return result
    }

    func readFindings(at hour: Hour) throws -> [FieldFinding] {
        var result: [FieldFinding] = []
        try findings.forEach(hour) { exchange, symbol, field, reason in
            result.append(FieldFinding(exchange: exchange, symbol: symbol, field: field, reason: reason))
        }
        return result
    }

    func listed(_ id: Int64) throws -> ListedContract {
        if let known = listings[id] { return known }
        try listings.refresh()
        guard let found = listings[id] else {
            throw WarehouseError.unreadable(table: "ticker", column: "listing_id", value: String(id))
        }
        return found
    }

    func readNotTrading(at hour: Hour, into result: inout [Exchange: ExchangeState]) throws {
        try notTrading.forEach(hour) { (exchange: Exchange, symbol: String) in
            result[exchange]?.facts.notTrading.insert(symbol)
        }
    }

    /// The symbols of markets that somebody else runs on an exchange.
    func readNotCore(at hour: Hour) throws -> [Exchange: Set<String>] {
        var result: [Exchange: Set<String>] = [:]
        try notCore.forEach(hour) { (exchange: Exchange, symbol: String) in
            result[exchange, default: []].insert(symbol)
        }
        return result
    }

    private func readLongShortRatios(at hour: Hour, into result: inout [Exchange: ExchangeState]) throws {
        try longShort.forEachRow(hour) { row in
            let (_, exchange) = try row.columns(as: (Hour, Exchange).self)
            result[exchange]?.facts.longShortRatios.append(try row.record(behind: 2))
        }
    }

    private func readSpotTickers(at hour: Hour, into result: inout [Exchange: ExchangeState]) throws {
        try spot.forEachRow(hour) { row in
            let (_, exchange) = try row.columns(as: (Hour, Exchange).self)
            result[exchange]?.facts.spotTickers.append(try row.record(behind: 2))
        }
    }

    // MARK: - Liquidations

    /// What the feeds of each expected exchange state of the closed hour before `hour`.
    func liquidationFeeds(at hour: Hour) throws -> [Exchange: LiquidationFeeds] {
        try liquidationFeeds(at: hour, coverage: exchangeStates(at: hour).mapValues(\.liquidations))
    }

    /// - Parameter coverage: the coverage class of each expected exchange; `nil` when it has no file.
    private func liquidationFeeds(
        at hour: Hour, coverage: [Exchange: LiquidationCoverage?]
    ) throws -> [Exchange: LiquidationFeeds] {
        let rest = try restWindows(at: hour, coverage: coverage)
        let streamed = try streamWindows(of: hour.previous)
        return coverage.keys.reduce(into: [:]) { feeds, exchange in
            feeds[exchange] = LiquidationFeeds(
                rest: rest[exchange], stream: streamed[exchange]?.window,
                heardMilliseconds: streamed[exchange]?.heardMilliseconds)
        }
    }

    /// The sums of the closed hour before `hour`, each event once, as the earliest file states it. Totals
    /// that an exchange publishes win over its events.
    private func restWindows(
        at hour: Hour, coverage: [Exchange: LiquidationCoverage?]
    ) throws -> [Exchange: LiquidationWindow] {
        let (from, to) = (hour.previous.startMilliseconds, hour.startMilliseconds)
        let published = try publishedWindows(from: from, to: to)
        let summed = try summedWindows(
            listings.hasUnstated ? unstatedEvents : events, from: from, to: to)
        var result: [Exchange: LiquidationWindow] = [:]
        for (exchange, coverage) in coverage {
            let window = published[exchange] ?? summed[exchange]
            switch coverage {
            case .some(.none):
                result[exchange] = .unknown
            case .some(let coverage):
                result[exchange] = window ?? LiquidationWindow(coverageClass: coverage, count: 0)
                result[exchange]?.coverageClass = coverage
            case nil:
                // No file of this hour: what the files of other hours state of it is a lower bound.
                result[exchange] = window
                result[exchange]?.coverageClass = .sampled
            }
        }
        return result
    }

    /// What the streams heard of a closed hour, with the coverage class of their files.
    private func streamWindows(
        of hour: Hour
    ) throws -> [Exchange: (window: LiquidationWindow, heardMilliseconds: Int64)] {
        var files: [Exchange: (coverageClass: LiquidationCoverage, heardMilliseconds: Int64)] = [:]
        try streamCoverage.forEach(hour) { (exchange: Exchange, coverage: LiquidationCoverage, heard: Int64) in
            files[exchange] = (coverage, heard)
        }
        if files.isEmpty { return [:] }
        let summed = try summedWindows(
            streamEvents, from: hour.startMilliseconds, to: hour.next.startMilliseconds)
        return files.reduce(into: [:]) { windows, file in
            var window = summed[file.key] ?? LiquidationWindow(coverageClass: file.value.coverageClass, count: 0)
            window.coverageClass = file.value.coverageClass
            let share = Double(file.value.heardMilliseconds) / Double(Hour.milliseconds)
            window.heardShare = share >= StreamRecord.wholeFraction ? 1 : share
            windows[file.key] = (window, file.value.heardMilliseconds)
        }
    }

    private func publishedWindows(from: Int64, to: Int64) throws -> [Exchange: LiquidationWindow] {
        var result: [Exchange: LiquidationWindow] = [:]
        try totals.forEach(from, to) {
            (exchange: Exchange, longUSD: Double, shortUSD: Double, longCount: Int64?, shortCount: Int64?) in
            var window = result[exchange] ?? LiquidationWindow(coverageClass: .aggregate)
            window.longUSD += longUSD
            window.shortUSD += shortUSD
            if let longCount, let shortCount { window.count = (window.count ?? 0) + longCount + shortCount }
            result[exchange] = window
        }
        return result
    }

    private func summedWindows(
        _ events: Statement, from: Int64, to: Int64
    ) throws -> [Exchange: LiquidationWindow] {
        let changed = try sizes.changed(since: Hour(containing: Timestamp(milliseconds: from)))
        // By exchange: the sums of the long side and of the short one, and the count.
        var sums: [Exchange: (long: Double, short: Double, count: Int64)] = [:]
        try events.forEachRow(from, to) { row in
            let asset = row.text(3)
            // Coins only: the name of anything else carries its class.
            if asset.utf8.contains(UInt8(ascii: ":")) { return }
            guard let exchange = Exchange(rawValue: row.text(0)) else { throw row.unreadable(0) }
            guard let side = LiquidationSide(rawValue: row.text(1)) else { throw row.unreadable(1) }
            var value = row.isMissing(2) ? nil : try row.number(2)
            if let stated = value, !changed.isEmpty, try row.integer(7) != 0 {
                value = changed.value(
                    exchange, row.text(4), contracts: try row.number(6), price: try row.number(5), stated: stated)
            }
            var sum = sums[exchange] ?? (0, 0, 0)
            switch side {
            case .long: sum.long += value ?? 0
            case .short: sum.short += value ?? 0
            }
            sum.count += 1
            sums[exchange] = sum
        }
        return sums.mapValues { sum in
            var window = LiquidationWindow(coverageClass: .sampled, count: sum.count)
            (window.longUSD, window.shortUSD) = (sum.long, sum.short)
            return window
        }
    }
}

extension ExchangeFacts {
    /// Marks the tickers of markets that somebody else runs on the exchange.
    fileprivate mutating func setNotCore(_ symbols: Set<String>) {
        for index in tickers.indices where symbols.contains(tickers[index].symbol) { tickers[index].isCore = false }
    }

    /// Counts assets without a class as coins, as the rules did that knew no classes.
    fileprivate mutating func countAllAsCoins() {
        for index in tickers.indices where tickers[index].assetClass == nil { tickers[index].assetClass = .crypto }
    }
}

extension ExchangeStatus {
    /// The status of an exchange's hour by the counts of its file, and why it is not `ok`.
    static func judge(
        tickers: Int, _ endpoints: [(name: String, count: Source.EndpointCount)]
    ) -> (ExchangeStatus, reason: String?) {
        let faults = endpoints.compactMap { endpoint -> String? in
            let count = endpoint.count
            if count.failed > 0 {
                return "\(endpoint.name): \(count.failed) of \(count.ok + count.failed) failed"
            }
            if count.ok > 0, count.rows == 0, count.rejected > 0 { return "\(endpoint.name): not understood" }
            return nil
        }
        let reason = faults.isEmpty ? nil : faults.joined(separator: "; ")
        if tickers == 0 { return (.failed, reason ?? "no tickers") }
        return (faults.isEmpty ? .ok : .partial, reason)
    }
}

extension Ticker {
    /// The ticker of a listing, before its measures are read.
    init(unreadOf listing: Listing) {
        self.init(
            symbol: listing.symbol, asset: listing.asset, assetClass: listing.assetClass, kind: listing.kind,
            contract: listing.contract, quote: listing.quote, observedAt: Timestamp(milliseconds: 0))
    }
}

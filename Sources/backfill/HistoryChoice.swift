import ExchangeAdapters
import ExchangeRuns
import PerpCore

/// What a run is to ask for: a span that was named, or the hours that the warehouse misses.
struct HistoryChoice {
    /// The hours that were named; `nil` for those that are missing.
    let hours: ClosedRange<Hour>?
    let exchanges: [Exchange]
    let datasets: [HistoryDataset]
    /// Whose contracts are asked about; empty for all of them.
    let assets: [String]
    /// The assets whose contracts come first.
    let first: [String]
    let now: Timestamp
    /// Whether files that exchanges publish are wanted, and not their answers.
    var ofArchives = false

    /// What to say when there is nothing to ask for.
    var nothing: String {
        ofArchives
            ? "these exchanges publish no files of these datasets in that span, or no hour is missing: name a span with --from "
                + "and --to"
            : hours == nil
                ? "no hour is missing that could still be asked for: name a span with --from and --to to ask for more"
                : "these exchanges tell of none of these datasets in that span"
    }

    /// What to say of the wanted assets that none of the exchanges lists, as far as lists are loaded; `nil` when there are none.
    func unlisted(_ known: KnownHistory) -> String? {
        let lists = exchanges.compactMap { known.listed[$0] }.filter { !$0.isEmpty }
        guard lists.count == exchanges.count else { return nil }
        let listed = Set(lists.joined().map(\.asset))
        let unlisted = assets.filter { !listed.contains($0) }
        guard !unlisted.isEmpty else { return nil }
        return
            "no contract of \(unlisted.joined(separator: ", ")) is listed by these exchanges: the column asset of latest_tickers has the names"
    }

    /// What to ask which exchange, in the order in which it is to be asked: of holes, what is lost first, and of each the
    /// contracts of the first assets before all others.
    func errands(_ known: KnownHistory) -> [HistoryErrand] {
        guard let hours else {
            return errands(known, assets: first, except: []) + errands(known, assets: [], except: first)
        }
        return exchanges.flatMap { exchange in
            datasets.compactMap { dataset in
                wish(dataset, hours, exchange, known).map { HistoryErrand(exchange: exchange, wish: $0) }
            }
        }
    }

    private func errands(_ known: KnownHistory, assets: [String], except: [String]) -> [HistoryErrand] {
        guard self.assets.isEmpty || except.isEmpty else { return [] }
        return holes(known).compactMap { (hole) -> HistoryErrand? in
            guard var wish = wish(hole.dataset, hole.hours, hole.exchange, known) else { return nil }
            if self.assets.isEmpty {
                wish.assets = assets
                wish.except = except
            }
            guard !known.isAnswered(wish, by: hole.exchange) else { return nil }
            return HistoryErrand(exchange: hole.exchange, wish: wish)
        }
    }

    private func holes(_ known: KnownHistory) -> [HistoryHole] {
        known.holes.filter { exchanges.contains($0.exchange) && datasets.contains($0.dataset) }
            .sorted(by: HistoryHole.isMoreUrgent)
    }

    /// A wish for hours, as far as the exchange still tells of them; `nil` when it tells of none.
    private func wish(
        _ dataset: HistoryDataset, _ hours: ClosedRange<Hour>, _ exchange: Exchange, _ known: KnownHistory
    ) -> HistoryWish? {
        // Files stay where they are: their series says which there are.
        let isPublished = ofArchives && Adapter.adapter(for: exchange).archivedDatasets.contains(dataset)
        let depth = ofArchives ? (isPublished ? .sinceListing : .none) : exchange.historyDepth(dataset)
        guard depth != .none else { return nil }
        // The volume of a day up to an hour takes the candles of the day before it.
        let wanted = dataset == .candles && self.hours == nil ? hours.lowerBound.advanced(by: -24) : hours.lowerBound
        let from = max(wanted, depth.earliest(at: now) ?? wanted)
        let to = min(hours.upperBound.next, Hour(containing: now))
        guard from < to else { return nil }
        return HistoryWish(
            dataset, from: from.startTime, to: to.startTime, assets: assets, first: first,
            answered: known.answered[exchange]?[dataset] ?? [])
    }
}

/// A wish, and the exchange that it is for.
struct HistoryErrand: Sendable {
    let exchange: Exchange
    let wish: HistoryWish
}

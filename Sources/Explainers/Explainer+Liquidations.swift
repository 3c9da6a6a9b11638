import Explaining
import PerpCore
import Sealing
import Warehouse

extension Explainer {
    /// More events than this are counted and not listed.
    private static let listedEvents = 20

    func liquidations(_ exchange: Exchange, _ hour: Hour) throws -> Answer {
        var answer = Answer("liquidations \(exchange.id) \(hour)")
        guard let sums = try rows.liquidated(exchange, hour) else {
            try tellSilence(exchange, hour, &answer)
            return answer
        }
        answer.explanation.add(
            "view",
            [
                .init("view", "liquidation_snapshots"),
                .init("where", "timestamp = \(hour.start) AND exchange = '\(exchange.displayName)'"),
                .init("span", "the closed hour from \(hour.previous) to \(hour)"),
            ] + (try unsealed(hour).map { [.init("state", $0)] } ?? []))
        answer.explanation.add(
            "table", [.init("table", "liquidation_summary")] + sums.facts(without: ["hour", "exchange_id"]))
        let feeds = try LoadedFacts(database).liquidationFeeds(hours: 1, before: hour)[exchange]?[hour]
        let feed = feeds?.counted ?? .live
        answer.explanation.add(
            "rule",
            [
                .init("page", "pipeline/docs/signals.md#liquidations"),
                .init("exchange", Self.page(exchange, "liquidations")),
                .init("counted", feed == .stream ? "the stream" : "REST"),
            ])
        let published = feed == .live ? try rows.publishedSums(exchange, before: hour) : []
        if !published.isEmpty {
            answer.explanation.add("sums", rows: published.map { $0.facts() })
        }
        try addEvents(exchange, hour, feed, &answer)
        return answer
    }

    private func addEvents(_ exchange: Exchange, _ hour: Hour, _ feed: Feed, _ answer: inout Answer) throws {
        let events = try rows.liquidations(exchange, before: hour, feed)
        func total(_ side: String) -> Double {
            events.filter { $0.text("side") == side }.compactMap { $0.number("value_usd") }.reduce(0, +)
        }
        answer.explanation.add(
            "events",
            [
                .init("view", feed == .stream ? "stream_liquidations" : "liquidations"),
                .init("count", events.count), .init("long_usd", total("long")), .init("short_usd", total("short")),
                .init("listed", min(events.count, Self.listedEvents)),
            ], rows: events.prefix(Self.listedEvents).map { $0.facts() })
        guard let largest = events.first, let start = largest.integer("stating_hour"),
            let symbol = largest.text("symbol"),
            let origin = try origin(exchange, Hour(containing: start), feed, &answer)
        else { return }
        try addBytes(of: largest, symbol, origin, &answer)
    }

    /// Follows the largest event back, as an example of all.
    private func addBytes(
        of event: StoredRow, _ symbol: String, _ origin: ExplainedFiles.Origin, _ answer: inout Answer
    ) throws {
        let time = event.integer("occurred_at_ms") ?? 0
        answer.explanation.add("largest", event.facts())
        files.addStaged(
            origin, record: "liquidation", where: [("symbol", symbol), ("occurred_at_ms", "\(time)")],
            members: ["side", "price", "quantity_contracts", "quantity_base", "value_usd"], to: &answer)
        // A changed price would no longer be found by itself: the place among the symbol's events stays.
        var place: Int?
        let (price, quantity) = (event.number("price"), event.number("quantity_base"))
        let sought = ExplainedFiles.Sought(
            name: "value_usd", value: event["value_usd"], symbol: symbol
        ) { staged in
            let own = staged.liquidations.filter { $0.symbol == symbol }
            if place == nil {
                place = own.firstIndex {
                    $0.occurredAt.milliseconds == time && $0.price == price && $0.quantityBase == quantity
                }
            }
            guard let place, own.indices.contains(place), let value = own[place].valueUSD else { return .missing }
            return .number(value)
        }
        if event["value_usd"] != .missing { files.addRaw(origin, [sought], to: &answer) }
    }

    private func tellSilence(_ exchange: Exchange, _ hour: Hour, _ answer: inout Answer) throws {
        guard try origin(exchange, hour, .live, &answer) != nil else { return }
        answer.miss(
            [
                .init("exchange", exchange.id),
                .init(
                    "reason", "no feed of it states liquidations of the closed hour before \(hour): that is not a zero"),
            ],
            next: [
                "\(Self.page(exchange, "liquidations")) says what it shows",
                "make record  listens to the streams of exchanges that have one",
            ])
    }
}

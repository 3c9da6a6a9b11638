import AlertDelivery
import ExchangeAdapters
import Foundation
@testable import Notifiers
import PerpCore
import PipelineFiles
import Sealing
@testable import Signals
import StreamClient
import Synchronization
import Testing
import Warehouse

@testable import LiveAlarm
@testable import alert

@Suite("Alarms from liquidations as they happen")
struct LiveAlarmTests {
    /// A warehouse of four exchanges with 1 bn of open interest each and 2 bn of volume a day, and an alarm 20 minutes after
    /// its last hour whose Binance stream was heard for an hour.
    private final class Scene {
        let folder: String
        let warehouse: Warehouse
        let alarm: LiquidationAlarm
        let clock: StreamClock

        init(hours: Int = 1, heard seconds: Int64 = 3600) async throws {
            folder = NSTemporaryDirectory() + UUID().uuidString
            try FileSystem.makeFolder(folder)
            let last = Market.start.advanced(by: hours - 1)
            warehouse = try Market.warehouse((0..<hours).map { Market.quiet(Market.start.advanced(by: $0)) }, path: folder + "/market.db")
            clock = StreamClock(startingAt: last.end.advanced(byMilliseconds: 1_200_000))
            alarm = try LiquidationAlarm(warehouse: folder + "/market.db", rules: AlertRules(), clock: clock) { _ in }
            await alarm.use(StreamReader(of: .binance)!, of: .binance)
            guard seconds > 0 else { return }
            await connect(since: clock.now.advanced(byMilliseconds: -seconds * 1000))
            try await stand()
        }

        /// The alarm takes what the warehouse says.
        func stand() async throws {
            let watch = WarehouseWatch(path: folder + "/market.db", isSimulated: false)
            if let ground = try await watch.look(at: clock.now) { await alarm.stand(on: ground) }
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func connect(since time: Timestamp) async {
            for connection in StreamReader(of: .binance)!.connections {
                await alarm.note(
                    StreamEvent(connection: connection.name + "#1", at: time, kind: .subscribed), of: .binance)
            }
        }

        /// Longs of BTC are closed for so many dollars.
        func liquidate(_ dollars: Double, at time: Timestamp? = nil) async {
            let now = time ?? clock.now
            let message = Self.message(dollars, at: now)
            await alarm.keep(Array(message.utf8), .liquidations, of: .binance, connection: "all#1", at: now)
            // Evaluations have a pause between them.
            try? await Task.sleep(for: .milliseconds(300))
            await alarm.tick()
        }

        static func message(_ dollars: Double, at time: Timestamp) -> String {
            #"{"data":{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT","S":"SELL","q":"1","p":"100","ap":"100","X":"FILLED","l":"1","z":"\#(dollars / 100)","T":\#(time.milliseconds)}}}"#
        }

        var live: AlertStore { get throws { AlertStore(try Warehouse(path: folder + "/live.db")) } }

        func messages() throws -> [OutboxRow] { try live.outbox(pendingOrSince: Timestamp(milliseconds: 0)) }
    }

    @Test("a crossing becomes a message that says that it is live, once")
    func crossing() async throws {
        let scene = try await Scene()
        await scene.liquidate(60e6)
        let row = try #require(try scene.messages().first)
        #expect(row.key == "liquidation_cascade:MARKET" && row.reason == "new" && row.isLive && row.tier == 1)
        // Volume and open interest parts are 1, all on one side; seen is half of a quarter: √(0.125 / 0.25) = 0.7071.
        #expect(row.confidence == 77 && row.status == "ACTIVE CASCADE" && row.direction == "SHORT")
        #expect(row.payload.contains("Live: Liquidation Cascade Risk - SHORT - 77%"))
        #expect(row.payload.contains("Most of it: BTC $60.0M."))
        #expect(row.payload.contains("all but the liquidations is of 2025-10-23 00:00"))
        await scene.liquidate(1e6)
        await scene.alarm.tick()
        #expect(try scene.messages().count == 1)
        #expect(try scene.live.alerts().map(\.decision) == ["new"])
    }

    @Test("what is repeated counts once")
    func repeated() async throws {
        let scene = try await Scene()
        let now = scene.clock.now
        // A stream sends it again when it is subscribed; four times as much would be a cascade.
        for _ in 0..<4 { await scene.liquidate(3e6, at: now) }
        await scene.alarm.tick()
        #expect(try scene.messages().isEmpty)
        let status = await scene.alarm.status
        #expect(status == "cascade score 0.16, seen through 13 % of open interest")
    }

    @Test("an hour that is not sealed, or sealed long ago, alerts nobody; the decision says why")
    func gated() async throws {
        let scene = try await Scene()
        let late = StreamClock(startingAt: Market.start.advanced(by: 3).startTime)
        let path = scene.folder + "/late/live.db"
        try FileSystem.makeFolder(scene.folder + "/late")
        let alarm = try LiquidationAlarm(warehouse: scene.folder + "/late/market.db", rules: AlertRules(), clock: late) { _ in }
        await alarm.use(StreamReader(of: .binance)!, of: .binance)
        await alarm.note(
            StreamEvent(connection: "all#1", at: late.now.advanced(byMilliseconds: -3_600_000), kind: .subscribed),
            of: .binance)
        await alarm.keep(Array(Scene.message(60e6, at: late.now).utf8), .liquidations, of: .binance, connection: "all#1", at: late.now)
        #expect(await alarm.status == "the alarm waits for a sealed hour")
        let ground = try #require(try await WarehouseWatch(path: scene.folder + "/market.db", isSimulated: false).look(at: late.now))
        await alarm.stand(on: ground)
        let store = AlertStore(try Warehouse(path: path))
        await alarm.tick()
        let decisions = try store.alerts().map(\.decision)
        #expect(decisions == ["gate:backfilled"])
        #expect(try store.outbox(pendingOrSince: Timestamp(milliseconds: 0)).isEmpty)
    }

    @Test("the hourly run takes the episode over and does not repeat it")
    func takenOver() async throws {
        let scene = try await Scene()
        await scene.liquidate(60e6)
        let live = try #require(try LiveAlerts(beside: scene.folder + "/market.db"))
        let target = AlertStore(scene.warehouse)
        try live.move(to: target, now: scene.clock.now)
        try live.move(to: target, now: scene.clock.now)
        #expect(try scene.messages().isEmpty && live.store.states().isEmpty && live.store.alerts().isEmpty)
        let taken = try target.outbox(pendingOrSince: Timestamp(milliseconds: 0))
        #expect(taken.map(\.key) == ["liquidation_cascade:MARKET"] && taken.allSatisfy(\.isLive))
        #expect(try target.alerts().contains { $0.isLive && $0.decision == "new" })
        // The next hour's detection of the same strength has nothing new to say.
        let next = Market.start.next.next
        let memory = try AlertMemory(target, since: AlertMemory.midnight(before: next.end))
        let detection = Desk.cascade(confidence: 77)
        let outcome = AlertRules().evaluate(
            memory.states, entering: [detection], staying: [detection],
            gate: AlertGate(hour: next, status: .ok, quality: 1, coverage: 1), outbox: memory.outbox,
            now: next.startTime.advanced(byMilliseconds: 120_000))
        #expect(outcome.decisions.isEmpty)
    }

    @Test("a message that the recorder is sending stays with it, and is known to the hourly run")
    func leased() async throws {
        let scene = try await Scene()
        await scene.liquidate(60e6)
        let (now, target) = (scene.clock.now, AlertStore(scene.warehouse))
        let outbox = LiveOutbox(try Warehouse(path: scene.folder + "/live.db")) { now }
        let handed = try outbox.pending()
        #expect(handed.count == 1 && handed[0].isDue(at: now))
        let live = try #require(try LiveAlerts(beside: scene.folder + "/market.db"))
        try live.move(to: target, now: now)
        #expect(try target.outbox(pendingOrSince: Timestamp(milliseconds: 0)).isEmpty)
        #expect(try target.alerts().contains(where: \.isLive))
        let known = try AlertMemory(target, since: now).joined(by: AlertMemory(live.store, since: now))
        #expect(known.states["liquidation_cascade:MARKET"]?.isActive == true)
        #expect(known.outbox.map(\.key) == ["liquidation_cascade:MARKET"])
        try outbox.markDelivered(handed.map(\.id), messageID: "9", attempts: 1, at: now)
        try live.move(to: target, now: now)
        let state = try #require(try target.statesByKey()["liquidation_cascade:MARKET"])
        #expect(state.sentInEpisode == 1 && state.lastSent?.confidence == 77)
        #expect(try target.outbox(pendingOrSince: Timestamp(milliseconds: 0)).map(\.messageID) == ["9"])
    }

    @Test("a message that was left behind by a killed recorder is taken once its lease is over")
    func leftBehind() async throws {
        let scene = try await Scene()
        await scene.liquidate(60e6)
        let now = scene.clock.now
        _ = try LiveOutbox(try Warehouse(path: scene.folder + "/live.db")) { now }.pending()
        let live = try #require(try LiveAlerts(beside: scene.folder + "/market.db"))
        try live.move(to: AlertStore(scene.warehouse), now: now.advanced(byMilliseconds: 301_000))
        let taken = try AlertStore(scene.warehouse).outbox(pendingOrSince: Timestamp(milliseconds: 0))
        #expect(taken.map(\.state) == [.pending])
    }

    @Test("a recorder that starts again knows what was heard in the last hour, of each exchange, and of connections that are older")
    func restored() async throws {
        let scene = try await Scene(heard: 0)
        let now = scene.clock.now
        let paths = ArchivePaths(raw: scene.folder + "/raw")
        for (exchange, kind) in [(Exchange.aster, StreamEvent.Kind.subscribed), (.binance, .alive)] {
            let lines = RawWriter()
            let name = try #require(StreamReader(of: exchange)?.connections.first?.name)
            for (time, kind) in [(-3_600_000, kind), (-1000, .alive)] as [(Int64, StreamEvent.Kind)] {
                lines.append(
                    StreamEvent(connection: name + "#1", at: now.advanced(byMilliseconds: time), kind: kind),
                    of: exchange, isSimulated: true)
            }
            Array(Scene.message(3e6, at: now).utf8).withUnsafeBufferPointer {
                lines.append(message: $0, of: name + "#1", exchange, receivedAt: now, isSimulated: true)
            }
            let file = try StreamFile(exchange, Hour(containing: now), in: paths)
            try file.append(lines.gzipped())
        }
        await scene.alarm.restore(from: paths, of: [.aster, .binance])
        try await scene.stand()
        // The warehouse knows no Aster: what it closed counts in no share.
        let status = await scene.alarm.status
        #expect(status == "cascade score 0.16, seen through 13 % of open interest")
        #expect(await scene.alarm.heardShares == [.aster: 1, .binance: 1])
    }

    @Test("an alert that the hourly run has just taken over is not sent again when the cascade rises")
    func takenWhileRising() async throws {
        let scene = try await Scene()
        await scene.liquidate(14e6)
        #expect(try scene.messages().map(\.reason) == ["new"])
        let live = try #require(try LiveAlerts(beside: scene.folder + "/market.db"))
        let target = AlertStore(scene.warehouse)
        try live.holding { try live.move(to: target, now: scene.clock.now) }
        // The alarm has not looked at the warehouse since.
        await scene.liquidate(60e6)
        #expect(try scene.messages().map(\.reason) == ["escalation"])
        try live.move(to: target, now: scene.clock.now)
        let all = try target.outbox(pendingOrSince: Timestamp(milliseconds: 0))
        #expect(all.map(\.reason).sorted() == ["escalation", "new"])
    }

    @Test("a database of the recorder's that cannot be read is kept aside; hourly alerts go on without it")
    func unreadable() async throws {
        let folder = NSTemporaryDirectory() + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody
        try FileSystem.makeFolder(folder)
        try Data("no database".utf8).write(to: URL(fileURLWithPath: folder + "/live.db"))
        #expect(throws: (any Error).self) { try LiveAlerts(beside: folder + "/market.db") }
        let told = Told()
        _ = try LiquidationAlarm(
            warehouse: folder + "/market.db", rules: AlertRules(), clock: StreamClock(startingAt: Market.start.startTime)
        ) { told.add($0) }
        #expect(told.problems.count == 1 && told.problems[0].contains("kept aside as \(folder)/live.db.unreadable"))
        #expect(try LiveAlerts(beside: folder + "/market.db") != nil)
    }

    @Test("streams of a simulator raise no alarm over a real warehouse")
    func otherOrigin() async throws {
        let scene = try await Scene()
        let watch = WarehouseWatch(path: scene.folder + "/market.db", isSimulated: true)
        await #expect(throws: FormatError.self) { _ = try await watch.look(at: scene.clock.now) }
    }

    @Test("what cannot be true is left out: more dollars than ever, or a time to come")
    func absurd() async throws {
        let scene = try await Scene()
        await scene.liquidate(1e12)
        let now = scene.clock.now
        let message = Scene.message(60e6, at: now.advanced(byMilliseconds: 86_400_000))
        await scene.alarm.keep(Array(message.utf8), .liquidations, of: .binance, connection: "all#1", at: now)
        await scene.liquidate(1, at: now)
        #expect(try scene.messages().isEmpty)
    }

    @Test("streams that are down are told once, and not as calm")
    func silence() async throws {
        let scene = try await Scene(heard: 0)
        let fast = StreamClock(startingAt: scene.clock.now, speed: 1000)
        let told = Told()
        try FileSystem.makeFolder(scene.folder + "/fast")
        let alarm = try LiquidationAlarm(warehouse: scene.folder + "/fast/market.db", rules: AlertRules(), clock: fast) { told.add($0) }
        await alarm.use(StreamReader(of: .binance)!, of: .binance)
        await alarm.note(
            StreamEvent(connection: "x#1", at: fast.now, kind: .lost, reason: "silent for 30 s"), of: .binance)
        for _ in 0..<400 {
            await alarm.tick()
            try await Task.sleep(for: .milliseconds(1))
        }
        let rows = try AlertStore(try Warehouse(path: scene.folder + "/fast/live.db"))
            .outbox(pendingOrSince: Timestamp(milliseconds: 0))
        #expect(rows.map(\.key) == ["live_streams:MARKET"])
        #expect(rows.first?.payload.contains("This is not calm") == true)
        #expect(rows.first?.payload.contains("Binance (silent for 30 s)") == true)
        #expect(told.problems.count { $0.hasPrefix("liquidation streams are down") } == 1)
    }
}

/// What an alarm told.
private final class Told: Sendable {
    private let news = Mutex<[AlarmNews]>([])

    func add(_ item: AlarmNews) { news.withLock { $0.append(item) } }

    var problems: [String] {
        news.withLock { $0.compactMap { if case .problem(let text) = $0 { text } else { nil } } }
    }
}

private enum Desk {
    static func cascade(confidence: Int) -> Detection {
        var detection = Strategy.liquidationCascade.detect(MarketContext(hour: Market.start, model: .v2))
        (detection.fires, detection.confidence, detection.status) = (true, confidence, .activeCascade)
        detection.direction = .short
        return detection
    }
}

@Suite("The hour that ends now")
struct RollingHourTests {
    private let start = Timestamp(milliseconds: 1_795_000_000_000)

    private func event(_ dollars: Double, at second: Int64, _ side: LiquidationSide = .long, asset: String = "BTC") -> Liquidation {
        Liquidation(
            symbol: asset, asset: asset, side: side, price: 1, quantityBase: dollars, valueUSD: dollars,
            occurredAt: start.advanced(byMilliseconds: second * 1000))
    }

    private func time(_ second: Int64) -> Timestamp { start.advanced(byMilliseconds: second * 1000) }

    @Test("sums are those of the events in it, whatever the order: against a list of all events")
    func sums() {
        var random = SplitMix64(seed: 7)
        var hour = RollingHour()
        var all: [(Exchange, Liquidation)] = []
        for exchange in [Exchange.binance, .okx] { hour.advance(exchange, to: start) }
        for step in 1...4000 {
            let now = Int64(step * 3)
            hour.advance(to: time(now))
            let late = Int64(random.next() % 30)
            let side: LiquidationSide = random.next() % 2 == 0 ? .long : .short
            let exchange: Exchange = random.next() % 3 == 0 ? .okx : .binance
            let new = event(Double(random.next() % 1000), at: now - late, side)
            all.append((exchange, new))
            hour.add(new, of: exchange)
            guard step % 200 == 0 else { continue }
            for exchange in [Exchange.binance, .okx] {
                let inside = all.filter { $0.0 == exchange && $0.1.occurredAt > time(now - 3600) }.map(\.1)
                let heard = hour.heard(exchange, .complete)
                #expect(heard.longUSD == inside.filter { $0.side == .long }.reduce(0) { $0 + ($1.valueUSD ?? 0) })
                #expect(heard.shortUSD == inside.filter { $0.side == .short }.reduce(0) { $0 + ($1.valueUSD ?? 0) })
            }
        }
    }

    @Test("the share that was heard ends with the last sign of life, and a second connection bridges a change")
    func heard() {
        var hour = RollingHour()
        hour.advance(.binance, to: start)
        hour.setNames(["a"], of: .binance)
        hour.begin("a#1", of: .binance)
        hour.advance(to: time(1800))
        #expect(hour.heard(.binance, .sampled).heardShare == 0.5)
        // Lost at 1700, known at 1800: a hundred seconds were not heard.
        hour.end("a#1", of: .binance, at: time(1700))
        #expect(hour.heard(.binance, .sampled).heardShare == 1700.0 / 3600)
        #expect(hour.up.isEmpty)
        hour.begin("a#2", of: .binance)
        hour.advance(to: time(1900))
        hour.begin("a#3", of: .binance)
        hour.end("a#2", of: .binance, at: time(1900))
        hour.advance(to: time(2000))
        #expect(hour.heard(.binance, .sampled).heardShare == 1900.0 / 3600)
        hour.advance(to: time(100_000))
        #expect(hour.heard(.binance, .sampled).heardShare == 1)
    }

    @Test("an exchange is up when each of its connections is")
    func connections() {
        var hour = RollingHour()
        hour.advance(.bybit, to: start)
        hour.setNames(["linear", "inverse"], of: .bybit)
        hour.begin("linear#1", of: .bybit)
        #expect(hour.up.isEmpty)
        hour.begin("inverse#2", of: .bybit)
        #expect(hour.up == [.bybit])
    }

    @Test("shares and what has no value in dollars are left out; the largest assets come first")
    func assets() {
        var hour = RollingHour()
        hour.advance(.okx, to: time(100))
        hour.add(event(5, at: 99, asset: "ETH"), of: .okx)
        hour.add(event(9, at: 99), of: .okx)
        hour.add(event(90, at: 99, asset: "stock:TSLA"), of: .okx)
        #expect(hour.largest(3).map(\.asset) == ["BTC", "ETH"])
        #expect(hour.heard(.okx, .sampled).longUSD == 14)
        // A clock that is ahead counts now, and what is older than an hour not at all.
        hour.add(event(1, at: 130), of: .okx)
        hour.add(event(1, at: -3600), of: .okx)
        #expect(hour.heard(.okx, .sampled).longUSD == 15)
    }
}

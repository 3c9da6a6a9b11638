import PerpCore
import PipelineFiles
import Reports
import Warehouse
import WarehouseCommands

extension Examination {
    mutating func lookAtBans() {
        attempt("bans") { examination in
            let bans = try BanFile.read(in: examination.paths).filter { $0.until > examination.now }
            if bans.isEmpty { examination.report.add("bans", .ok, "none in force") }
            for ban in bans {
                examination.report.measure(
                    "perps_ban_until_seconds", Double(ban.until.milliseconds / 1000),
                    help: "When an exchange's ban ends", labels: ["exchange": ban.exchange.id, "host": ban.host])
                examination.report.add(
                    "bans", .warning, "\(ban.exchange.displayName): \(ban.host) until \(ban.until): \(ban.reason)",
                    advice: "wait: extract does not ask before; fewer FOCUS_ASSETS cost fewer calls")
            }
        }
    }

    // MARK: - Runs of the last day

    private struct ExchangeEndpoint: Hashable, Comparable {
        var exchange: Exchange
        var name: String

        static func < (left: ExchangeEndpoint, right: ExchangeEndpoint) -> Bool {
            (left.exchange, left.name) < (right.exchange, right.name)
        }
    }

    mutating func lookAtRuns() {
        attempt("endpoints") { examination in
            let reports = try (0...24).reversed().flatMap {
                try RunFile.read(Hour(containing: examination.now).advanced(by: -$0), in: examination.paths)
            }
            guard let last = reports.last else {
                examination.report.add(
                    "runs", examination.isDemo ? .info : .warning, "none in the last 24 hours",
                    advice: "make schedule prints what runs make hourly")
                return
            }
            let hours = Set(reports.map(\.hour)).count
            examination.report.add(
                "runs", .ok, "\(reports.count) in \(hours) of the last 25 hours, the last at \(last.startedAt)")
            examination.lookAtEndpoints(of: reports)
        }
    }

    private mutating func lookAtEndpoints(of reports: [RunReport]) {
        var failures: [ExchangeEndpoint: (count: Int, last: RunReport.EndpointRun, isLatest: Bool)] = [:]
        var asked: [ExchangeEndpoint: Int] = [:]
        for run in reports {
            for exchangeRun in run.exchanges {
                for endpoint in exchangeRun.endpoints {
                    let key = ExchangeEndpoint(exchange: exchangeRun.exchange, name: endpoint.id)
                    asked[key, default: 0] += 1
                    if endpoint.ok {
                        failures[key]?.isLatest = false
                    } else {
                        failures[key] = ((failures[key]?.count ?? 0) + 1, endpoint, true)
                    }
                }
            }
        }
        let sorted = failures.sorted { $0.key < $1.key }
        for (key, failure) in sorted {
            report.measure(
                "perps_endpoint_failures", Double(failure.count), help: "Failed runs in the last 24 hours",
                labels: ["exchange": key.exchange.id, "endpoint": key.name])
        }
        // A failure with the same reason at several exchanges has one cause: one line for all of it.
        let lasting = Dictionary(grouping: sorted.filter(\.value.isLatest), by: \.value.last.reason)
        let shared = lasting.mapValues { $0.map(\.key) }.filter { Set($0.value.map(\.exchange)).count > 1 }
        for (key, failure) in sorted {
            let same = failure.isLatest ? shared[failure.last.reason] : nil
            if let same, same.first != key { continue }
            let cause = failure.last.cause.map { " (\($0.rawValue))" } ?? ""
            let what =
                same.map { "\(Self.names($0)): failed" }
                ?? "\(Self.names([key])): failed in \(failure.count) of \(asked[key] ?? 0) runs"
            report.add(
                "endpoints", failure.isLatest ? .warning : .info,
                "\(what)\(cause): \(failure.last.reason ?? "no reason given")",
                advice: failure.isLatest ? Self.advice(failure.last.cause) : nil)
        }
        if failures.isEmpty { report.add("endpoints", .ok, "no failures in the last 24 hours") }
    }

    /// `Binance instruments, OKX instruments and 9 more`.
    private static func names(_ endpoints: [ExchangeEndpoint]) -> String {
        let shown = endpoints.prefix(3).map { "\($0.exchange.displayName) \($0.name)" }.joined(separator: ", ")
        return endpoints.count > 3 ? "\(shown) and \(endpoints.count - 3) more" : shown
    }

    private static func advice(_ cause: RunReport.Cause?) -> String {
        switch cause {
        case .blocked: "the exchange does not serve this location: run elsewhere, or leave it out of EXCHANGES"
        case .banned: "wait; if it comes back, ask for fewer FOCUS_ASSETS"
        case .refused: "see the body in raw/<date>/<hour>/failed: the exchange may have changed its responses"
        default: "if it lasts, see the exchange's status page; an hour is asked again by the next run within it"
        }
    }

    // MARK: - Hours

    /// The age, in seconds after its end, at which an hour is late: the next one is then over, too.
    private static let lateSeconds: Int64 = 2 * Hour.seconds

    mutating func lookAtExchanges(_ warehouse: Warehouse?) {
        guard let warehouse else { return }
        attempt("venues") { examination in
            let last = try Health(warehouse).lastGoodHours()
            for exchange in examination.enabled {
                guard let hour = last[exchange] else {
                    examination.report.add(
                        "venues", .warning, "\(exchange.displayName): no good hour ever",
                        advice: "make gaps says why; leave it out of EXCHANGES if it cannot be asked from here")
                    continue
                }
                let age = examination.now.milliseconds / 1000 - hour.next.start
                examination.report.measure(
                    "perps_last_good_hour_age_seconds", Double(max(age, 0)),
                    help: "Seconds since the end of the last hour with tickers", labels: ["exchange": exchange.id])
                let isLate = age > Self.lateSeconds && !examination.isDemo
                examination.report.add(
                    "venues", isLate ? .warning : .ok,
                    "\(exchange.displayName): last good hour \(hour.spoken) UTC"
                        + (age > 0 ? ", which ended \(Self.duration(age)) ago" : ""),
                    advice: isLate ? "make hourly asks again; the lines of 'runs' and 'endpoints' say why" : nil)
            }
        }
    }

    mutating func lookAtHours(of warehouse: Warehouse) throws {
        let health = Health(warehouse)
        let unsealed = try health.unsealedHours()
        report.measure("perps_hours_unsealed_count", Double(unsealed), help: "Hours that the views do not show")
        if unsealed > 0 {
            report.add(
                "warehouse", .warning,
                unsealed == 1
                    ? "1 hour is not sealed: the views leave it out"
                    : "\(unsealed) hours are not sealed: the views leave them out",
                advice: "make load seals what a killed run left")
        }
        let older = try health.hoursOfOlderRules()
        if older > 0 {
            report.add(
                "warehouse", .warning,
                "\(Numbers.counted(older, "hour")) \(older == 1 ? "is" : "are") of older rules, with shares among the coins: "
                    + "later hours are not compared with \(older == 1 ? "it" : "them")",
                advice: "make reprocess")
        }
        let waiting = try rawNotLoaded(warehouse)
        report.measure("perps_raw_not_loaded", Double(waiting.count), help: "Raw files of the last day not loaded")
        if let first = waiting.first, let last = waiting.last {
            report.add(
                "warehouse", .warning,
                "\(Numbers.counted(waiting.count, "raw file")) of the last 24 hours "
                    + "\(waiting.count == 1 ? "is" : "are") not loaded, the first of \(first.spoken) UTC",
                advice: "make reprocess FROM=\(first) TO=\(last)")
        }
    }

    /// The hours of raw files that are not loaded, ascending, once per file. The current hour is left out, as it is not over,
    /// and for streams the hour before, whose files the run of this hour loads.
    private func rawNotLoaded(_ warehouse: Warehouse) throws -> [Hour] {
        try (1...24).reversed().flatMap { back in
            let hour = Hour(containing: now).advanced(by: -back)
            let feeds: [Feed] = back == 1 ? [.live] : Feed.ofHours
            return try feeds.flatMap { feed in
                try Exchange.allCases.filter {
                    try FileSystem.exists(paths.rawFile($0, hour, feed)) && warehouse.loadedFile($0, hour, feed) == nil
                }.map { _ in hour }
            }
        }
    }

    mutating func lookAtClasses(of warehouse: Warehouse) throws {
        let contracts = try Health(warehouse).contractsOfNoKnownClass()
        for (exchange, symbols) in contracts.sorted(by: { $0.key < $1.key }) {
            let shown = symbols.prefix(5).joined(separator: ", ") + (symbols.count > 5 ? ", …" : "")
            report.add(
                "classes", .info,
                "\(exchange.displayName): \(symbols.count) contracts of no known class, in no total of coins: \(shown)",
                advice: "make check lists them (unknown_classes); a newer version may know the exchange's word")
        }
    }

    mutating func lookAtChecks(of warehouse: Warehouse) throws {
        guard let checks = try Checks(warehouse).last() else {
            report.add("checks", .info, "never run", advice: "make check")
            return
        }
        report.measure("perps_check_errors", Double(checks.errors.count), help: "Checks with errors at their last run")
        let age = (now.milliseconds - checks.time.milliseconds) / 1000
        report.measure("perps_checks_age_seconds", Double(age), help: "Since the last run of the checks")
        let found = (checks.errors + checks.warnings).joined(separator: ", ")
        let isOld = age > Self.oldestDaily
        report.add(
            "checks", !checks.errors.isEmpty ? .error : isOld ? .warning : .ok,
            "last run \(checks.time), \(Self.duration(age)) ago: \(found.isEmpty ? "nothing wrong" : "wrong rows in \(found)")",
            advice: !checks.errors.isEmpty
                ? "make check shows them; after a correction, make reprocess" : isOld ? "make daily runs them" : nil)
    }

    /// The age in seconds at which something that is made every day is old: two days.
    private static let oldestDaily = 48 * Hour.seconds

    mutating func lookAtBackups() {
        let folder = "\(FileSystem.folder(of: warehousePath))/backup"
        guard let newest = copiesOfWarehouse(beside: warehousePath).compactMap(FileSystem.modified).max() else {
            return report.add("backup", .info, "there is none in \(folder)", advice: "make daily writes one")
        }
        let age = (now.milliseconds - newest.milliseconds) / 1000
        report.measure("perps_backup_age_seconds", Double(age), help: "Since the newest copy of the warehouse")
        let isOld = age > Self.oldestDaily
        report.add(
            "backup", isOld ? .warning : .ok, "the newest copy is \(Self.duration(age)) old",
            advice: isOld ? "make daily writes one; see why it did not" : nil)
    }

    mutating func lookAtAlerts(of warehouse: Warehouse) throws {
        let alerts = try Health(warehouse).undeliveredAlerts()
        report.measure("perps_alerts_pending", Double(alerts.pending), help: "Messages to be delivered")
        report.measure("perps_alerts_dead", Double(alerts.dead), help: "Messages that were refused for good")
        let error = alerts.lastError.map { ": \($0)" } ?? ""
        if let oldest = alerts.oldestPending {
            let age = (now.milliseconds - oldest.milliseconds) / 1000
            let isLate = age > Hour.seconds
            report.add(
                "alerts", isLate ? .warning : .info,
                "\(alerts.pending) to be delivered, the oldest for \(Self.duration(age))\(error)",
                advice: isLate ? "see DISCORD_WEBHOOK_URL; make alerts tries again" : nil)
        }
        if alerts.dead > 0 {
            report.add(
                "alerts", .warning, "\(alerts.dead) were refused for good\(error)", advice: "see DISCORD_WEBHOOK_URL")
        }
        if alerts.pending == 0 && alerts.dead == 0 { report.add("alerts", .ok, "all are delivered") }
    }

    static func duration(_ seconds: Int64) -> String {
        if seconds < 5400 { return "\(max(seconds, 0) / 60) min" }
        return seconds < 48 * Hour.seconds ? "\(seconds / Hour.seconds) h" : "\(seconds / (24 * Hour.seconds)) days"
    }
}

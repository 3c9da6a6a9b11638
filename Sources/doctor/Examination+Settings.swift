import CommandSupport
import ExchangeClient
import Notifiers
import PerpCore
import PipelineFiles
import Reports
import Transport

extension Examination {
    /// The settings that the programs know, in the order of `config.env`.
    private static let names = [
        "EXCHANGES", "FOCUS_ASSETS", "OPTIONAL_ENDPOINTS", "SENTIMENT_MODEL", "ALERT_TIERS", "RAW_DAYS", "STAGED_DAYS",
        "WAREHOUSE_DAYS", "HISTORY_DAYS",
        "PERPS_BASE_URL", "METRICS_FILE", "HEALTHCHECK_URL", "HEALTHCHECK_URL_DAILY", "DISCORD_WEBHOOK_URL",
    ]

    /// Settings that are shown only when they are set.
    private static let rareNames = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PACE", "PERPS_DATA", "BACKTEST_ASSET"]

    private static let feeNames = Exchange.allCases.map(TakerFees.setting)

    mutating func lookAtSettings() {
        let faults = faults()
        for name in Self.names + Self.rareNames where faults[name] == nil {
            guard let (value, origin) = settings.lookUp(name) else { continue }
            report.add("settings", .ok, "\(name)=\(Settings.shown(value, of: name)) (\(origin.rawValue))")
        }
        for name in unknownNames() {
            report.add("settings", .info, "\(name) is in a file of settings, and no program reads it")
        }
        let unset = Self.names.filter { settings[$0] == nil }
        if !unset.isEmpty { report.add("settings", .ok, "unset: \(unset.joined(separator: ", "))") }
        for name in faults.keys.sorted() {
            report.add("settings", .error, faults[name] ?? "", advice: "correct it")
        }
        lookAtFees()
        if settings["PERPS_BASE_URL"] != nil {
            report.add(
                "settings", .warning, "PERPS_BASE_URL is set: no requests go to the exchanges themselves",
                advice: "leave it blank but for demos and tests")
        }
    }

    /// What is wrong with settings, by name, in the words of the programs that read them.
    private func faults() -> [String: String] {
        var faults: [String: String] = [:]
        func read(_ name: String, _ setting: () throws -> Void) {
            do { try setting() } catch { faults[name] = "\(error)" }
        }
        for name in ["RAW_DAYS", "STAGED_DAYS", "WAREHOUSE_DAYS", "HISTORY_DAYS"] {
            read(name) { _ = try settings.days(name) }
        }
        for name in ["OPTIONAL_ENDPOINTS", "PACE"] { read(name) { _ = try settings.isOn(name) } }
        read("ALERT_TIERS") { _ = try settings.alertTiers() }
        read("FOCUS_ASSETS") { _ = try settings.focusAssets() }
        read("SENTIMENT_MODEL") { _ = try settings.sentimentModel() }
        if let webhook = settings["DISCORD_WEBHOOK_URL"] { read("DISCORD_WEBHOOK_URL") { _ = try WebhookURL(webhook) } }
        if let unknown = settings.list("EXCHANGES").first(where: { Exchange(named: $0) == nil }) {
            faults["EXCHANGES"] = "EXCHANGES: \(Exchange.miss(unknown))"
        }
        if let template = settings["PERPS_BASE_URL"], BaseURL(template) == nil {
            faults["PERPS_BASE_URL"] = "PERPS_BASE_URL is not of the form \(BaseURL.form)"
        }
        for name in ["HEALTHCHECK_URL", "HEALTHCHECK_URL_DAILY"] {
            if let url = settings[name], !["http://", "https://"].contains(where: url.lowercased().hasPrefix) {
                faults[name] = "\(name) is no address such as https://hc-ping.com/…"
            }
        }
        if let file = settings["METRICS_FILE"], FileSystem.kind(of: FileSystem.folder(of: file)) == nil {
            faults["METRICS_FILE"] = "METRICS_FILE: its folder does not exist"
        }
        return faults
    }

    /// Adds one line for all fees, and one for each setting that is not a fee.
    private mutating func lookAtFees() {
        var fees: [String] = []
        for exchange in Exchange.allCases {
            do {
                let fee = try settings.takerFee(of: exchange) ?? TakerFees()[exchange]
                fees.append("\(exchange.displayName) \(TakerFees.percent(fee))")
            } catch {
                report.add("settings", .error, "\(error)", advice: "correct it: 0.0005 is 0.05%")
            }
        }
        report.add("settings", .ok, "taker fees: \(fees.joined(separator: ", "))")
    }

    /// Names in the files that no program reads: one may be misspelled.
    private func unknownNames() -> [String] {
        settings.namesInFiles.filter { !(Self.names + Self.rareNames + Self.feeNames).contains($0) }
    }
}

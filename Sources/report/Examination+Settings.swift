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
        "WAREHOUSE_DAYS",
        "PERPS_BASE_URL", "METRICS_FILE", "HEALTHCHECK_URL", "HEALTHCHECK_URL_DAILY", "DISCORD_WEBHOOK_URL",
    ]

    /// Those that are shown only where they are set.
    private static let rareNames = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PACE", "PERPS_DATA"]

    private static let feeNames = Exchange.allCases.map(TakerFees.setting)

    mutating func lookAtSettings() {
        for name in Self.names + Self.rareNames {
            guard let (value, origin) = settings.lookUp(name) else { continue }
            report.add("settings", .ok, "\(name)=\(Settings.shown(value, of: name)) (\(origin.rawValue))")
        }
        for name in unknownNames() {
            report.add("settings", .info, "\(name) is in a file of settings, and no program reads it")
        }
        let unset = Self.names.filter { settings[$0] == nil }
        if !unset.isEmpty { report.add("settings", .ok, "unset: \(unset.joined(separator: ", "))") }
        for name in ["RAW_DAYS", "STAGED_DAYS", "WAREHOUSE_DAYS"] { read { _ = try $0.days(name) } }
        read { _ = try $0.alertTiers() }
        read { _ = try $0.focusAssets() }
        read { _ = try $0.sentimentModel() }
        lookAtAddresses()
        lookAtFees()
        for name in settings.list("EXCHANGES") where Exchange(named: name) == nil {
            report.add("settings", .error, "EXCHANGES: \(Exchange.miss(name))", advice: "correct it")
        }
        if settings["PERPS_BASE_URL"] != nil {
            report.add(
                "settings", .warning, "PERPS_BASE_URL is set: the venues themselves are not asked",
                advice: "leave it blank but for demos and tests")
        }
    }

    /// Reads a setting as the programs do.
    private mutating func read(_ setting: (Settings) throws -> Void) {
        do { try setting(settings) } catch { report.add("settings", .error, "\(error)", advice: "correct it") }
    }

    private mutating func lookAtAddresses() {
        if let template = settings["PERPS_BASE_URL"], BaseURL(template) == nil {
            report.add(
                "settings", .error, "PERPS_BASE_URL is not of the form http://host:port/{hour}/{exchange}",
                advice: "correct it")
        }
        guard let webhook = settings["DISCORD_WEBHOOK_URL"] else { return }
        do { _ = try WebhookURL(webhook) } catch { report.add("settings", .error, "\(error)", advice: "correct it") }
    }

    /// One line for all fees, and one for each that is none.
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

    /// Names in the files that no program knows of: one may be a typing error.
    private func unknownNames() -> [String] {
        settings.namesInFiles.filter { !(Self.names + Self.rareNames + Self.feeNames).contains($0) }
    }
}

import ArgumentParser
import PerpCore
import PipelineFiles
import Sealing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The settings by name: the environment wins over `.env`, which wins over `pipeline/config.env`.
public struct Settings: Sendable {
    /// Where a value comes from, the strongest first.
    public enum SettingOrigin: String, Sendable {
        /// A variable of the process.
        case environment
        /// The file of the machine's owner.
        case dotEnv = ".env"
        /// The file of the repository.
        case defaults = "pipeline/config.env"
    }

    /// The values by name, the strongest source first.
    private let values: [(origin: SettingOrigin, values: [String: String])]

    /// Reads the environment and the files below `folder`; a file that is absent has no values.
    /// - Throws: `FormatError` for a line that is not a setting, `FileError` for a file that cannot be read.
    public static func load(from folder: String = ".") throws -> Settings {
        func file(_ origin: SettingOrigin) throws -> (SettingOrigin, [String: String]) {
            let name = origin.rawValue
            return (origin, try SettingsFile.read(folder == "." ? name : "\(folder)/\(name)"))
        }
        return Settings(values: [
            (.environment, ProcessInfo.processInfo.environment), try file(.dotEnv), try file(.defaults),
        ])
    }

    /// The settings for a program. What is wrong with them is reported in one line on standard error.
    /// - Throws: exit status 64 when a line is not a setting, 74 when a file cannot be read.
    public static func load(for command: String) throws(ExitCode) -> Settings {
        do {
            return try load()
        } catch {
            Diagnostics.report(command, "\(error)")
            throw error is FormatError ? ExitStatus.usage.code : ExitStatus.io.code
        }
    }

    /// The value of a setting such as `RAW_DAYS`, and where it comes from; `nil` when it is unset or blank.
    public func lookUp(_ name: String) -> (value: String, origin: SettingOrigin)? {
        for (origin, values) in values {
            if let value = values[name], !value.isEmpty { return (value, origin) }
        }
        return nil
    }

    /// The value of a setting; `nil` when it is unset or blank.
    public subscript(name: String) -> String? { lookUp(name)?.value }

    /// The names in the files of settings, sorted.
    public var namesInFiles: [String] {
        values.filter { $0.origin != .environment }.flatMap(\.values.keys).sorted()
    }

    /// The items of a setting that is a list separated by commas; empty when it is unset.
    public func list(_ name: String) -> [String] {
        (self[name] ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
    }

    /// The number of days to keep; `nil` when the setting is unset, which keeps everything.
    /// - Throws: `SettingError` when the value is not a number in `daysToKeep`.
    public func days(_ name: String) throws(SettingError) -> Int? {
        guard let (text, origin) = lookUp(name) else { return nil }
        guard let number = Int(text), Self.daysToKeep.contains(number) else {
            throw SettingError(name: name, value: text, origin: origin, wanted: Self.wantedDays)
        }
        return number
    }

    /// The numbers of days that can be kept: from a day to a hundred years.
    public static let daysToKeep = 1...36_525
    /// What a number of days must be, for messages.
    public static let wantedDays = "a whole number of days from 1 to 36525"

    /// What a taker pays on an exchange, `TAKER_FEE_OKX`, as a fraction of notional; `nil` when unset.
    /// - Throws: `SettingError` when the value is not a fee.
    public func takerFee(of exchange: Exchange) throws(SettingError) -> Double? {
        let name = TakerFees.setting(of: exchange)
        guard let (text, origin) = lookUp(name) else { return nil }
        guard let fee = TakerFees.parse(text) else {
            throw SettingError(name: name, value: text, origin: origin, wanted: "a fraction from 0 to 0.01")
        }
        return fee
    }

    /// What a taker pays on every exchange: the usual fees where nothing is set.
    /// - Throws: `SettingError` when a value is not a fee.
    public func takerFees() throws(SettingError) -> TakerFees {
        var fees = TakerFees()
        for exchange in Exchange.allCases {
            if let fee = try takerFee(of: exchange) { fees[exchange] = fee }
        }
        return fees
    }

    /// The tiers of alerts that are sent, of 1, 2 and 3; `nil` when unset.
    /// - Throws: `SettingError` when the value is not a list of tiers.
    public func alertTiers() throws(SettingError) -> Set<Int>? {
        guard let (text, origin) = lookUp("ALERT_TIERS") else { return nil }
        guard let tiers = Self.tiers(text) else {
            throw SettingError(name: "ALERT_TIERS", value: text, origin: origin, wanted: Self.wantedTiers)
        }
        return tiers
    }

    /// What a list of tiers must be, for messages.
    public static let wantedTiers = "1, 2 and 3, separated by commas, without quotes"

    /// Reads a list of tiers such as `1,2`; `nil` when the text is not one.
    public static func tiers(_ text: String) -> Set<Int>? {
        let words = text.split(separator: ",").map { $0.filter { $0 != " " } }
        let numbers = words.compactMap(Int.init)
        return numbers.count == words.count && !words.isEmpty && numbers.allSatisfy((1...3).contains)
            ? Set(numbers) : nil
    }

    /// The coins whose details are requested: `BTC`, `ETH` and `SOL` when unset. They become part of URLs and of JSON.
    /// - Throws: `SettingError` when one is not the name of an asset.
    public func focusAssets() throws(SettingError) -> [String] {
        guard let (text, origin) = lookUp("FOCUS_ASSETS") else { return ["BTC", "ETH", "SOL"] }
        let assets = list("FOCUS_ASSETS")
        guard assets.joined().allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw SettingError(
                name: "FOCUS_ASSETS", value: text, origin: origin,
                wanted: "names of assets, separated by commas, without quotes")
        }
        return assets
    }

    /// The sentiment model that the views show; `nil` when unset.
    /// - Throws: `SettingError` when no model has the name.
    public func sentimentModel() throws(SettingError) -> SentimentModel? {
        guard let (text, origin) = lookUp("SENTIMENT_MODEL") else { return nil }
        guard let model = SentimentModel(rawValue: text) else {
            throw SettingError(name: "SENTIMENT_MODEL", value: text, origin: origin, wanted: "seed-v1 or v2")
        }
        return model
    }

    /// Whether a switch is on: `1`, `true` and `yes` are on; `0`, `false`, `no` and an unset one are off.
    /// - Throws: `SettingError` for any other value.
    public func isOn(_ name: String) throws(SettingError) -> Bool {
        guard let (text, origin) = lookUp(name) else { return false }
        switch text.lowercased() {
        case "1", "true", "yes": return true
        case "0", "false", "no": return false
        default: throw SettingError(name: name, value: text, origin: origin, wanted: "1 or 0")
        }
    }
}

extension Settings {
    /// Parts of the names of settings whose values are secret.
    private static let secrets = ["WEBHOOK", "HEALTHCHECK", "TOKEN", "SECRET", "PASSWORD", "KEY"]
    /// The most characters that are shown of a value.
    private static let longestShown = 200

    /// A value as it may be shown: one line of at most 200 characters, without secrets. The name of its setting can make
    /// the whole value secret; of an address, user and password are hidden, and everything after the host except the
    /// `{hour}` and `{exchange}` of a template.
    public static func shown(_ value: String, of name: String) -> String {
        if secrets.contains(where: name.uppercased().contains) { return "***" }
        let line = value.prefix { !$0.isNewline }
        let text = line.split(separator: " ", omittingEmptySubsequences: false).map(withoutSecrets).joined(
            separator: " ")
        let isCut = line.count < value.count || text.count > longestShown
        return text.prefix(longestShown) + (isCut ? "…" : "")
    }

    private static func withoutSecrets(_ word: Substring) -> String {
        guard let colon = word.firstIndex(of: ":"), word[colon...].hasPrefix("://") else { return String(word) }
        let scheme = word[...colon] + "//"
        let rest = word[colon...].dropFirst(3)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let host = rest[..<end].lastIndex(of: "@").map { "***" + rest[$0..<end] } ?? String(rest[..<end])
        let path = rest[end...]
        let isPlain = path.split(separator: "/").allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") }
        return scheme + host + (isPlain ? path : "/***")
    }
}

/// A setting with a value that is not allowed.
public struct SettingError: Error, CustomStringConvertible {
    /// The name of the setting.
    public let name: String
    /// The value as it was set, which may be a secret.
    public let value: String
    /// Where the value comes from.
    public let origin: Settings.SettingOrigin
    /// What the value should be.
    public let wanted: String

    /// `RAW_DAYS in .env is not a whole number …: 'x'`, without secrets.
    public var description: String {
        "\(name) in \(origin.rawValue) is not \(wanted): '\(Settings.shown(value, of: name))'"
    }
}

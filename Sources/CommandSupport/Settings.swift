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
    /// Where a value comes from.
    public enum Origin: String, Sendable {
        case environment
        case dotEnv = ".env"
        case defaults = "pipeline/config.env"
    }

    /// By name, the strongest first.
    private let values: [(origin: Origin, values: [String: String])]

    /// Reads the files below `folder`; one that is absent has no values. A line that is no setting, and a file that cannot
    /// be read, is an error.
    public static func load(from folder: String = ".") throws -> Settings {
        func file(_ origin: Origin) throws -> (Origin, [String: String]) {
            let name = origin.rawValue
            return (origin, try SettingsFile.read(folder == "." ? name : "\(folder)/\(name)"))
        }
        return Settings(values: [
            (.environment, ProcessInfo.processInfo.environment), try file(.dotEnv), try file(.defaults),
        ])
    }

    /// The settings for a program, which says in one line what is wrong with them, and ends: wrong usage, or a file
    /// that cannot be read.
    public static func load(for command: String) throws(ExitCode) -> Settings {
        do {
            return try load()
        } catch {
            Diagnostics.report(command, "\(error)")
            throw error is FormatError ? ExitStatus.usage.code : ExitStatus.io.code
        }
    }

    /// The value of `RAW_DAYS`, and where it comes from; `nil` when it is unset or blank.
    public func lookUp(_ name: String) -> (value: String, origin: Origin)? {
        for (origin, values) in values {
            if let value = values[name], !value.isEmpty { return (value, origin) }
        }
        return nil
    }

    public subscript(name: String) -> String? { lookUp(name)?.value }

    /// The names that stand in files, sorted.
    public var namesInFiles: [String] {
        values.filter { $0.origin != .environment }.flatMap(\.values.keys).sorted()
    }

    /// A list that is separated by commas; empty when the setting is unset.
    public func list(_ name: String) -> [String] {
        (self[name] ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
    }

    /// A number of days to keep; `nil` when unset, an error when it is something else.
    public func days(_ name: String) throws(SettingError) -> Int? {
        guard let (text, origin) = lookUp(name) else { return nil }
        guard let number = Int(text), Self.daysToKeep.contains(number) else {
            throw SettingError(name: name, value: text, origin: origin, wanted: Self.wantedDays)
        }
        return number
    }

    /// A day to a hundred years.
    public static let daysToKeep = 1...36_525
    public static let wantedDays = "a whole number of days from 1 to 36525"

    /// What a taker pays on an exchange, `TAKER_FEE_OKX`; `nil` when unset, an error when it is no fee.
    public func takerFee(of exchange: Exchange) throws(SettingError) -> Double? {
        let name = TakerFees.setting(of: exchange)
        guard let (text, origin) = lookUp(name) else { return nil }
        guard let fee = TakerFees.parse(text) else {
            throw SettingError(name: name, value: text, origin: origin, wanted: "a fraction from 0 to 0.01")
        }
        return fee
    }

    /// What a taker pays on every exchange: the usual fees where nothing is set.
    public func takerFees() throws(SettingError) -> TakerFees {
        var fees = TakerFees()
        for exchange in Exchange.allCases {
            if let fee = try takerFee(of: exchange) { fees[exchange] = fee }
        }
        return fees
    }

    /// The tiers of alerts that are sent; `nil` when unset, an error when they are none.
    public func alertTiers() throws(SettingError) -> Set<Int>? {
        guard let (text, origin) = lookUp("ALERT_TIERS") else { return nil }
        guard let tiers = Self.tiers(text) else {
            throw SettingError(name: "ALERT_TIERS", value: text, origin: origin, wanted: Self.wantedTiers)
        }
        return tiers
    }

    public static let wantedTiers = "1, 2 and 3, separated by commas, without quotes"

    /// `1,2`; `nil` for anything else.
    public static func tiers(_ text: String) -> Set<Int>? {
        let words = text.split(separator: ",").map { $0.filter { $0 != " " } }
        let numbers = words.compactMap(Int.init)
        return numbers.count == words.count && !words.isEmpty && numbers.allSatisfy((1...3).contains)
            ? Set(numbers) : nil
    }

    /// The coins for which details are asked; an error when one is no asset's name: they become part of URLs and of JSON.
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

    /// The sentiment model that the views show; `nil` when unset, an error when there is none of that name.
    public func sentimentModel() throws(SettingError) -> SentimentModel? {
        guard let (text, origin) = lookUp("SENTIMENT_MODEL") else { return nil }
        guard let model = SentimentModel(rawValue: text) else {
            throw SettingError(name: "SENTIMENT_MODEL", value: text, origin: origin, wanted: "seed-v1 or v2")
        }
        return model
    }

    /// Whether a switch is on: `1`, `true` and `yes` are, `0`, `false`, `no` and nothing are not; an error for anything else.
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
    /// Parts of names whose values nobody may read over a shoulder.
    private static let secrets = ["WEBHOOK", "HEALTHCHECK", "TOKEN", "SECRET", "PASSWORD", "KEY"]
    /// What is shown of a value at most.
    private static let longestShown = 200

    /// A value as it may be shown: one line of 200 characters at most, without what is a secret by the name of its
    /// setting or by its content: user and password of an address, and all that stands behind the host, but for the
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

/// A setting that is not what it should be.
public struct SettingError: Error, CustomStringConvertible {
    public let name: String
    public let value: String
    public let origin: Settings.Origin
    /// What it should be.
    public let wanted: String

    public var description: String {
        "\(name) in \(origin.rawValue) is not \(wanted): '\(Settings.shown(value, of: name))'"
    }
}

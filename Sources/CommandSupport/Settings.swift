import Configuration
import PerpCore
import SystemPackage

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

    private let readers: [(origin: Origin, reader: ConfigReader)]

    /// Reads the files below `folder`; one that is absent has no values.
    public static func load(from folder: String = ".") async throws -> Settings {
        let local = try await EnvironmentVariablesProvider(
            environmentFilePath: FilePath("\(folder)/.env"), allowMissing: true)
        let defaults = try await EnvironmentVariablesProvider(
            environmentFilePath: FilePath("\(folder)/pipeline/config.env"), allowMissing: true)
        return Settings(readers: [
            (.environment, ConfigReader(provider: EnvironmentVariablesProvider())),
            (.dotEnv, ConfigReader(provider: local)),
            (.defaults, ConfigReader(provider: defaults)),
        ])
    }

    /// The value of `RAW_DAYS`, and where it comes from; `nil` when it is unset or blank.
    public func lookUp(_ name: String) -> (value: String, origin: Origin)? {
        let key = ConfigKey(name.split(separator: "_").map { $0.lowercased() })
        for (origin, reader) in readers {
            if let value = reader.string(forKey: key), !value.isEmpty { return (value, origin) }
        }
        return nil
    }

    public subscript(name: String) -> String? { lookUp(name)?.value }

    /// A list that is separated by commas; empty when the setting is unset.
    public func list(_ name: String) -> [String] {
        (self[name] ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
    }

    /// A whole number; `nil` when unset, an error when it is something else.
    public func integer(_ name: String) throws(SettingError) -> Int? {
        guard let (text, origin) = lookUp(name) else { return nil }
        guard let number = Int(text) else { throw SettingError(name: name, value: text, origin: origin) }
        return number
    }

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

    /// Whether a switch is on: `1`, `true`, `yes`.
    public func isOn(_ name: String) -> Bool { ["1", "true", "yes"].contains(self[name]?.lowercased()) }
}

/// A setting that is not what it should be.
public struct SettingError: Error, CustomStringConvertible {
    public let name: String
    public let value: String
    public let origin: Settings.Origin
    /// What it should be.
    public var wanted = "a whole number"

    public var description: String { "\(name) in \(origin.rawValue) is not \(wanted): '\(value)'" }
}

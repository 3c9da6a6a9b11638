import ArgumentParser
import CommandSupport
import ExchangeClient
import PerpCore
import Transport

extension Settings {
    /// The exchanges of an option, or else of the setting `EXCHANGES`, or else all, in their fixed order.
    /// - Throws: `ValidationError` when no exchange has one of the names.
    public func enabledExchanges(_ option: String?) throws -> [Exchange] {
        let found = try Exchange.parse(list: option ?? self["EXCHANGES"] ?? "")
        return found.isEmpty ? Exchange.allCases : found
    }

    /// What replaces the exchanges' addresses; `nil` when nothing does.
    /// - Throws: `ValidationError` when `PERPS_BASE_URL` is no template.
    public func baseURL() throws -> BaseURL? {
        guard let template = self["PERPS_BASE_URL"] else { return nil }
        guard let baseURL = BaseURL(template) else {
            let shown = Settings.shown(template, of: "PERPS_BASE_URL")
            throw ValidationError("PERPS_BASE_URL is not of the form \(BaseURL.form): '\(shown)'")
        }
        return baseURL
    }

    /// Whether calls wait to keep the rate limits: a simulator on this machine has none unless `PACE` says so.
    /// - Throws: `ValidationError` when `PACE` is neither 1 nor 0.
    public func isPaced(_ baseURL: BaseURL?) throws -> Bool {
        let paces = try asUsage { try isOn("PACE") }
        return baseURL.map { !$0.isLoopback || paces } ?? true
    }

    /// The proxies of the environment.
    /// - Throws: `ValidationError` when one cannot be read.
    public func proxy() throws -> ProxySettings { try asUsage { try ProxySettings(settings: { self[$0] }) } }
}

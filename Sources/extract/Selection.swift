import ArgumentParser
import ExchangeAdapters
import PerpCore

/// A part of an hour that can be requested on its own.
enum Selection: String, ExpressibleByArgument, CaseIterable, Sendable {
    case liquidations

    /// The adapter with only the endpoints for the part; `nil` when the exchange does not have it.
    func narrowed(_ adapter: Adapter, includesOptional: Bool) -> Adapter? {
        switch self {
        case .liquidations: adapter.forLiquidations(includesOptional: includesOptional)
        }
    }

    /// Why an exchange does not have the part.
    func absence(_ exchange: Exchange) -> String {
        switch self {
        case .liquidations: exchange.liquidationsMissing ?? "\(exchange.displayName) tells of no liquidations"
        }
    }
}

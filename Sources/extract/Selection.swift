import ArgumentParser
import ExchangeAdapters
import PerpCore

/// A part of what an exchange can be asked.
enum Selection: String, ExpressibleByArgument, CaseIterable, Sendable {
    case liquidations

    /// The adapter with the endpoints that the part needs; `nil` where the exchange does not have it.
    func narrowed(_ adapter: Adapter, includesOptional: Bool) -> Adapter? {
        switch self {
        case .liquidations: adapter.forLiquidations(includesOptional: includesOptional)
        }
    }

    /// Why an exchange is not asked for the part.
    func absence(_ exchange: Exchange) -> String {
        switch self {
        case .liquidations: exchange.liquidationsMissing ?? "\(exchange.displayName) tells of no liquidations"
        }
    }
}

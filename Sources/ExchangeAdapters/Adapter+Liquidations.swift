import PerpCore

extension Adapter {
    /// What is asked as well where calls for liquidations are chosen by it.
    private static let chosenBy: [Exchange: Set<String>] = [.okx: ["open_interest"]]

    /// This adapter with no more endpoints than the liquidations of an hour need: the instruments, which size
    /// contracts; the tickers in bulk, whose volume they are compared with; and the liquidations themselves. Nothing
    /// that is asked symbol by symbol is among them but the liquidations. `nil` where REST tells of none.
    ///
    /// - Parameter includesOptional: whether endpoints that cost much and tell little are asked as well.
    public func forLiquidations(includesOptional: Bool) -> Adapter? {
        guard let liquidations else { return nil }
        if exchange.liquidationSources.rest == .amongFocusTrades, !includesOptional { return nil }
        var adapter = self
        adapter.endpoints = endpoints.filter { endpoint in
            endpoint.id == liquidations.endpoint || endpoint.isEssential || endpoint.id == contracts
                || Self.chosenBy[exchange]?.contains(endpoint.id) == true
        }
        return adapter
    }

    /// The endpoint that sizes contracts: the first of its phase.
    private var contracts: String? { endpoints.first { $0.phase == .instruments }?.id }
}

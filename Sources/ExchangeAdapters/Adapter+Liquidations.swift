import PerpCore

extension Adapter {
    /// Endpoints whose responses decide which calls for liquidations are made.
    private static let chosenBy: [Exchange: Set<String>] = [.okx: ["open_interest"]]

    /// This adapter with only the endpoints that an hour's liquidations need: the instruments, for contract sizes; the
    /// tickers of all symbols, for the volume to compare with; and the liquidations. No other endpoint is called once per
    /// symbol. `nil` where REST reports no liquidations.
    ///
    /// - Parameter includesOptional: whether to call endpoints that cost many calls for few records.
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

    /// The endpoint that states contract sizes: the first in the phase of instruments.
    private var contracts: String? { endpoints.first { $0.phase == .instruments }?.id }
}

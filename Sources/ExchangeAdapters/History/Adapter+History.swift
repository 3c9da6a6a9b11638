import PerpCore

extension Adapter {
    /// The endpoints that tell of the past, by dataset in their order.
    public var history: [HistoryEndpoint] {
        switch exchange {
        case .binance: Binance.history
        case .okx: OKX.history
        case .bybit: Bybit.history
        case .gate: Gate.history
        case .bitget: Bitget.history
        case .hyperliquid: Hyperliquid.history
        case .aster: Aster.history
        case .dydx: DYDX.history
        case .binanceCOINM: BinanceCOINM.history
        case .deribit: Deribit.history
        case .krakenFutures: KrakenFutures.history
        case .mexc: MEXC.history
        case .kucoin: KuCoin.history
        case .bingx: BingX.history
        case .lighter: Lighter.history
        case .htx: HTX.history
        case .edgex: EdgeX.history
        case .pacifica: Pacifica.history
        case .backpack: Backpack.history
        case .extended: Extended.history
        case .grvt, .paradex, .coinbase: []
        }
    }

    /// This adapter for a file of the past: the endpoints that list instruments, and those that tell of a dataset.
    public func forHistory(_ dataset: HistoryDataset) -> Adapter {
        var adapter = forListing
        adapter.endpoints += history.filter { $0.dataset == dataset }.map(\.endpoint)
        return adapter
    }

    /// This adapter with only the endpoints that list instruments.
    public var forListing: Adapter {
        var adapter = self
        adapter.endpoints = endpoints.filter { $0.isList || $0.phase == .instruments }
        return adapter
    }
}

import ExchangeAdapters
import JSONReader
import PerpCore

/// How a recording is used.
enum Coverage {
    /// Served as the response of an endpoint.
    case endpoint(Exchange, id: String)
    /// Served as the failure of an endpoint.
    case failure(Exchange?, status: Int)
    case notCovered(String)
}

/// Finds the endpoint that a recording belongs to, by the path that was requested.
struct CoverageTable {
    private var endpoints: [Exchange: [(stem: String, id: String)]] = [:]
    /// Endpoints that are requested only with `OPTIONAL_ENDPOINTS=1`.
    private var optional: [Exchange: Set<String>] = [:]

    init() throws {
        for exchange in Exchange.allCases {
            let served = try ServedPlan(exchange: exchange, hour: .first, includesOptional: true, isForEveryEndpoint: true)
            let order = Adapter.adapter(for: exchange).endpoints.map(\.id)
            endpoints[exchange] = order.flatMap { id in
                served.requests.filter { $0.endpoint == id }.map { (Self.stem(of: $0), id) }
            }
            let usual = try ServedPlan(exchange: exchange, hour: .first, isForEveryEndpoint: true)
            optional[exchange] = Set(served.requests.map(\.endpoint)).subtracting(usual.requests.map(\.endpoint))
        }
    }

    func coverage(of recording: Recording) -> Coverage {
        if let status = Self.failureStatus(recording) {
            let exchange = Exchange(rawValue: recording.exchangeFolder)
            guard exchange != nil || recording.exchangeFolder == "errors" else { return .notCovered("no adapter for this exchange") }
            return .failure(exchange, status: status)
        }
        guard let exchange = Exchange(rawValue: recording.exchangeFolder) else {
            return .notCovered("no adapter for this exchange")
        }
        if let reason = Self.otherProduct(recording) { return .notCovered(reason) }
        let stem = Self.currentStem(recording, exchange)
        let known = endpoints[exchange] ?? []
        // A fixture of this checkout is named after its endpoint, a recording after the path that was requested.
        let found =
            known.first { $0.id == recording.stem }
            ?? Self.ofSameProduct(known.filter { Self.matches(file: stem, request: $0.stem) }, recording)
        if let found {
            if optional[exchange]?.contains(found.id) == true {
                return .notCovered("asked with OPTIONAL_ENDPOINTS=1 only")
            }
            return .endpoint(exchange, id: found.id)
        }
        return .notCovered(Self.reason(recording))
    }

    // MARK: - Names

    /// The name of recordings of a path: `/api/v5/market/tickers?instType=SWAP` gives `v5-market-tickers`.
    private static func stem(of request: Request) -> String {
        var words = request.url.prefix { $0 != "?" }.split(separator: "/").dropFirst(2).map(String.init)
        if words.first == "api" { words.removeFirst() }
        if request.method == .post, let type = request.body?.split(separator: "\"").dropFirst(3).first {
            words.append(String(type))
        }
        return words.joined(separator: "-")
    }

    /// The endpoint of the recording's product, where several ask one path: `tickers.inverse`, `info-metaAndAssetCtxs.xyz`.
    private static func ofSameProduct(
        _ endpoints: [(stem: String, id: String)], _ recording: Recording
    ) -> (stem: String, id: String)? {
        let isOther = recording.variants.contains { $0 == "inverse" || $0 == "xyz" }
        return endpoints.first { ($0.id.hasSuffix("_inverse") || $0.id == "builder_markets") == isOther } ?? endpoints.first
    }

    /// Whether two names are equal, or one of them is the other followed by a market: `v4-historicalFunding-BTC-USD`,
    /// `v4-futures-usdt-contracts-ETH_USDT`.
    private static func matches(file: String, request: String) -> Bool {
        if file == request || request == file + "-BTC-USD" || request == file + "-BTC_USDT_Perp" { return true }
        guard file.hasPrefix(request + "-") else { return false }
        let rest = file.dropFirst(request.count + 1)
        return rest.contains("_") && rest.allSatisfy { $0 == "_" || $0.isUppercase || $0.isNumber }
    }

    /// The path under which the adapter requests the same kind of body today, as a recording's name.
    private static func currentStem(_ recording: Recording, _ exchange: Exchange) -> String {
        let stem = recording.stem
        switch exchange {
        // The paths of both versions have the same responses (`exchanges/aster.md`).
        case .aster where stem.hasPrefix("fapi-v3-"): return "fapi-v1-" + stem.dropFirst("fapi-v3-".count)
        // The settlement currency was added to the path later.
        case .gate where stem.hasPrefix("v4-futures-") && !stem.hasPrefix("v4-futures-usdt-"):
            return "v4-futures-usdt-" + stem.dropFirst("v4-futures-".count)
        // Statistics per coin, in the same form as those per instrument, which the adapter requests.
        case .okx where stem == "v5-rubik-stat-contracts-long-short-account-ratio": return stem + "-contract"
        case .okx where stem == "v5-rubik-stat-taker-volume": return stem + "-contract"
        // A single contract, in the form of the list.
        case .deribit where stem == "v2-public-get_book_summary_by_instrument":
            return "v2-public-get_book_summary_by_currency"
        // Recordings are named from the version of the path on.
        case .krakenFutures where stem.hasPrefix("v3-") || stem.hasPrefix("v4-"): return "derivatives-api-" + stem
        // The name says which contract was asked for.
        case .edgex where stem.hasPrefix("v2-quote-getTicker"): return "v2-public-quote-getTicker"
        case .edgex where stem.hasPrefix("v2-"): return "v2-public-" + stem.dropFirst("v2-".count)
        // A single market, in the form of the list.
        case .bitget where stem == "v2-mix-market-ticker": return "v2-mix-market-tickers"
        // A single contract, in the form of the list, which is under the name of another.
        case .kucoin where stem == "v1-contracts-ETHUSDT": return "v1-contracts-active"
        default: return stem
        }
    }

    // MARK: - Reasons

    /// The HTTP status of an error body: `error-http-418-banned`, `http-503-yunbi`; `nil` for a response.
    private static func failureStatus(_ recording: Recording) -> Int? {
        guard recording.exchangeFolder == "errors" || recording.stem.hasPrefix("error-") else { return nil }
        return recording.stem.split(separator: "-").lazy.compactMap { Int($0) }.first { (400...599).contains($0) } ?? 400
    }

    private static func otherProduct(_ recording: Recording) -> String? {
        let products = ["FUTURES", "inverse_future", "linear_future", "option"]
        guard recording.exchangeFolder == "okx", let other = recording.variants.first(where: products.contains) else { return nil }
        return "another product than the adapter asks: \(other)"
    }

    private static func reason(_ recording: Recording) -> String {
        let retired = [
            "mix-v1-", "data-v1-", "v2-public-", "public-linear-", "perpetual-usdc-", "futures-v3-", "swap-v3-",
            "v1-perpetual-markets", "v1-stats", "v3-markets", "v1-order_book",
        ]
        // Version 2 is Deribit's present one.
        if recording.exchangeFolder != "deribit", retired.contains(where: recording.stem.hasPrefix) {
            return "a retired version of the API"
        }
        let stem = recording.stem.lowercased()
        if stem.contains("kline") || stem.contains("candle") { return "price history: the hourly run does not ask it" }
        return "the adapter does not ask this endpoint"
    }
}

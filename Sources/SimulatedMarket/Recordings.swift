import PerpCore

/// Chooses the recorded body for a request by file names.
///
/// Files are named `<endpoint>[.variant][.n].json`: the endpoint is the path with `-` for `/`, or `info-` and the type of a
/// POST to `/info`; a variant names a choice of the query, `one` a single instrument.
public struct Recordings: Sendable {
    /// The files of each exchange, by endpoint.
    private var files: [String: [String: [RecordedFile]]] = [:]

    /// A file, with the parts of its name behind the endpoint.
    private struct RecordedFile: Sendable {
        let file: String
        let variants: [Substring]
    }

    /// The recordings in a set of folders.
    ///
    /// - Parameter names: file names by exchange folder. Names that end in `.expected.json` are ignored.
    public init(names: [String: [String]]) {
        for (exchange, list) in names {
            for file in list.sorted() where file.hasSuffix(".json") && !file.hasSuffix(".expected.json") {
                let parts = file.dropLast(".json".count).split(separator: ".")
                guard let endpoint = parts.first else { continue }
                let recording = RecordedFile(file: file, variants: Array(parts.dropFirst()))
                files[exchange, default: [:]][String(endpoint), default: []].append(recording)
            }
        }
    }

    /// The files that may be the response, best first. The caller checks whether they name the requested instrument.
    public func candidates(
        exchange: String, path: String, query: [String: String], body: String
    ) -> [String] {
        guard let known = files[exchange] else { return [] }
        let request = SimulatedRequest(exchange: .binance, path: path, query: query, body: body)
        let instrument = Self.instrument(of: request)
        var ranked: [(file: String, score: Int)] = []
        for (rank, endpoint) in Self.endpoints(of: request).enumerated() {
            for recording in known[endpoint] ?? [] {
                guard let score = Self.score(recording.variants, query: query, isOne: instrument != nil) else {
                    continue
                }
                ranked.append((recording.file, score - 1000 * rank))
            }
        }
        return ranked.sorted { $0.score == $1.score ? $0.file < $1.file : $0.score > $1.score }.map(\.file)
    }

    /// The single instrument that a request names; `nil` when it is for many.
    public static func instrument(of request: SimulatedRequest) -> String? {
        for name in ["symbol", "instId", "contract", "contract_code", "currency_pair", "instrument_name"] {
            if let value = request.query[name], !value.isEmpty, value != "ANY" { return value }
        }
        if let coin = request.member("coin") { return coin }
        // `/v4/historicalFunding/BTC-USD`
        guard let last = request.path.split(separator: "/").last, last.contains(where: { $0 == "-" || $0 == "_" }),
            last.first(where: \.isLetter)?.isUppercase == true
        else { return nil }
        return String(last)
    }

    /// Whether a body can be the response for one instrument: it names it, or it names none.
    public static func body(_ text: some StringProtocol, mayBeAbout instrument: String) -> Bool {
        let names = ["\"symbol\"", "\"instId\"", "\"contract\"", "\"coin\"", "\"ticker\"", "\"name\""]
        return text.contains("\"\(instrument)\"") || !names.contains { text.contains($0) }
    }

    /// The possible names of an endpoint, the most specific first.
    private static func endpoints(of request: SimulatedRequest) -> [String] {
        if request.path.hasSuffix("/info"), let type = request.member("type") { return ["info-\(type)"] }
        var parts = request.path.split(separator: "/").map(String.init)
        if parts.first == "api" { parts.removeFirst() }
        var names = [parts.joined(separator: "-")]
        // Some names leave out the settlement currency, or the market at the end of the path.
        if parts.count > 1 { names.append(parts.dropLast().joined(separator: "-")) }
        let bare = parts.filter { !["usdt", "btc"].contains($0) }
        if bare != parts { names.append(bare.joined(separator: "-")) }
        // `/derivatives/api/v3/tickers` is `v3-tickers`.
        let version = parts.drop { $0.first != "v" || $0.dropFirst().first?.isNumber != true }
        if !version.isEmpty, version.count < parts.count { names.append(version.joined(separator: "-")) }
        return names
    }

    /// How well variants fit a query; `nil` when they are for another one.
    private static func score(_ variants: [Substring], query: [String: String], isOne: Bool) -> Int? {
        var score = variants.isEmpty ? 50 : 0
        for variant in variants {
            let lower = variant.lowercased()
            if let number = Int(variant) {
                score -= number
            } else if lower == "one" {
                score += isOne ? 100 : -80
            } else if query.values.contains(where: { $0.lowercased() == lower }) {
                score += 100
            } else if query.values.contains(where: { lower.hasSuffix("_" + $0.lowercased()) && !$0.isEmpty }) {
                score += 60
            } else {
                score -= 90
            }
        }
        // A body for another category cannot be the response; one for another single instrument may be.
        return score <= -80 && !variants.contains("one") ? nil : score
    }
}

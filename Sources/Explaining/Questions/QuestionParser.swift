import PerpCore

extension Question {
    /// Understands words such as `binance BTCUSDT funding 2025-10-23T15`.
    ///
    /// - Parameters:
    ///   - words: what was typed; a word with blanks inside is several.
    ///   - hour: reads an hour as people write it; `nil` for any other text.
    /// - Throws: `QuestionError` with the nearest words that are known.
    public init(_ words: [String], hour: (String) -> Hour?) throws(QuestionError) {
        var words = words.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        let time = Self.takeTime(from: &words, hour: hour)
        if time == nil, let last = words.last, Self.isLikeTime(last) {
            throw QuestionError(description: "'\(last)' is no hour of UTC: end with one such as 2025-10-23T15")
        }
        guard let first = words.first else { throw QuestionError(description: "nothing is asked: \(Self.forms)") }
        let plain = KnownWords.plain(words)
        if let figure = KnownWords.figures.first(where: { $0.words.contains(plain) })?.figure {
            self = .market(figure, try Self.hour(of: time))
        } else if KnownWords.liquidations.contains(first.lowercased()) {
            self = .liquidations(try Self.exchange(of: words.dropFirst()), try Self.hour(of: time))
        } else if KnownWords.settlement.contains(first.lowercased()) {
            let (exchange, rest) = try Self.taken(words.dropFirst())
            self = .settlement(exchange, contract: try Self.contract(rest), try Self.instant(of: time))
        } else if let (kind, rest) = Self.takenSpread(words) {
            try self.init(of: kind, rest, time)
        } else {
            try self.init(ofContract: words, time)
        }
    }

    /// The kind of spread that the first words name, and the words behind it; `nil` when they name none.
    private static func takenSpread(_ words: [String]) -> (SpreadKind, rest: ArraySlice<String>)? {
        for count in [2, 1] where words.count >= count {
            let plain = KnownWords.plain(words.prefix(count))
            if let kind = KnownWords.spreads.first(where: { $0.words.contains(plain) })?.kind {
                return (kind, words.dropFirst(count))
            }
        }
        return nil
    }

    private init(of kind: SpreadKind, _ words: ArraySlice<String>, _ time: Time?) throws(QuestionError) {
        guard let asset = words.first else {
            throw QuestionError(description: "no asset is named, such as BTC")
        }
        var (exchanges, rest) = ([Exchange](), words.dropFirst())
        while !rest.isEmpty {
            let (exchange, further) = try Self.taken(rest)
            exchanges.append(exchange)
            rest = further
        }
        guard exchanges.isEmpty || exchanges.count == 2 && kind == .funding else {
            throw QuestionError(
                description: kind == .funding
                    ? "a spread is between two exchanges, or the widest one where none is named"
                    : "the prices of all exchanges are compared: name none")
        }
        self = .spread(kind, asset: asset, between: exchanges, try Self.hour(of: time))
    }

    private init(ofContract words: [String], _ time: Time?) throws(QuestionError) {
        let (exchange, rest) = try Self.taken(words[...])
        let contract = try Self.contract(rest.prefix(1))
        let field = KnownWords.plain(rest.dropFirst())
        if KnownWords.liquidations.contains(field) {
            self = .liquidations(exchange, try Self.hour(of: time))
        } else if field == "settlement" {
            self = .settlement(exchange, contract: contract, try Self.instant(of: time))
        } else if KnownWords.longShort.contains(field) {
            self = .longShort(exchange, contract: contract, try Self.hour(of: time))
        } else if let column = KnownWords.column(field) {
            self = .ticker(exchange, contract: contract, column: column, try Self.hour(of: time))
        } else {
            throw Self.unknownField(field)
        }
    }

    // MARK: - Times

    private enum Time {
        case hour(Hour)
        case instant(Timestamp)
    }

    /// Takes the time at the end, which may be two words: `2025-10-23 15:00`.
    private static func takeTime(from words: inout [String], hour: (String) -> Hour?) -> Time? {
        for count in [2, 1] where words.count >= count {
            let text = words.suffix(count).joined(separator: "T")
            let found = hour(text).map(Time.hour) ?? instant(text).map(Time.instant)
            guard let found else { continue }
            words.removeLast(count)
            return found
        }
        return nil
    }

    /// Whether a word was meant as a time: a year, and more behind a hyphen.
    private static func isLikeTime(_ word: String) -> Bool {
        let parts = word.split(separator: "-", maxSplits: 1)
        return parts.count == 2 && parts[0].count == 4 && parts[0].allSatisfy(\.isNumber)
            && parts[1].first?.isNumber == true
    }

    private static func instant(_ text: String) -> Timestamp? {
        let text = text.hasSuffix("Z") ? String(text.dropLast()) : text
        let isMinute = text.split(separator: ":").count == 2
        return Timestamp(iso8601: text + (isMinute ? ":00Z" : "Z"))
    }

    private static func hour(of time: Time?) throws(QuestionError) -> Hour {
        switch time {
        case .hour(let hour): return hour
        case .instant(let time):
            throw QuestionError(description: "\(time) is no full hour: end with one such as 2025-10-23T15")
        case nil: throw QuestionError(description: "no hour of UTC is named: end with one such as 2025-10-23T15")
        }
    }

    private static func instant(of time: Time?) throws(QuestionError) -> Timestamp {
        switch time {
        case .hour(let hour): return hour.startTime
        case .instant(let time): return time
        case nil: throw QuestionError(description: "no time of UTC is named: end with one such as 2025-10-23T16:00")
        }
    }

    // MARK: - Words

    private static func taken(
        _ words: ArraySlice<String>
    ) throws(QuestionError) -> (Exchange, rest: ArraySlice<String>) {
        // A display name may be two words: `Kraken Futures`.
        for count in [2, 1] where words.count >= count {
            if let exchange = Exchange(named: words.prefix(count).joined(separator: " ")) {
                return (exchange, words.dropFirst(count))
            }
        }
        guard let first = words.first else { throw QuestionError(description: "no exchange is named: \(forms)") }
        if let later = words.dropFirst().first(where: { Exchange(named: $0) != nil }) {
            let rest = words.filter { $0 != later }
            throw QuestionError(description: "the exchange comes first: \(later) \(rest.joined(separator: " "))")
        }
        let known =
            KnownWords.figures.flatMap(\.words) + KnownWords.liquidations + KnownWords.settlement
            + KnownWords.spreads.flatMap(\.words)
        let near = [
            KnownWords.nearest(to: KnownWords.plain(words), among: known),
            KnownWords.nearest(to: first, among: known + Exchange.allCases.map(\.id)),
        ].first { !$0.isEmpty }
        if let near { throw QuestionError(description: "'\(first)' is not known; did you mean \(listed(near))?") }
        throw QuestionError(description: Exchange.miss(first))
    }

    private static func exchange(of words: ArraySlice<String>) throws(QuestionError) -> Exchange {
        let (exchange, rest) = try taken(words)
        guard rest.isEmpty else {
            throw QuestionError(description: "'\(rest.joined(separator: " "))' is too much behind \(exchange.id)")
        }
        return exchange
    }

    private static func contract(_ words: ArraySlice<String>) throws(QuestionError) -> String {
        guard words.count == 1, let word = words.first else {
            throw QuestionError(description: "no contract is named: a symbol such as BTCUSDT, or an asset such as BTC")
        }
        return word
    }

    private static func unknownField(_ field: String) -> QuestionError {
        let names = KnownWords.columns.flatMap { $0.words + [$0.column] } + ["long_short"]
        if field.isEmpty {
            return QuestionError(description: "no field is named, such as funding, mark, volume, open interest")
        }
        let near = KnownWords.nearest(to: field, among: names)
        let all = KnownWords.columns.map { $0.words[0] } + ["long_short"]
        return QuestionError(
            description:
                "'\(field)' is no field; \(near.isEmpty ? "there are \(listed(all))" : "did you mean \(listed(near))?")"
        )
    }

    private static func listed(_ words: [String]) -> String { words.joined(separator: ", ") }

    /// What a question may look like, for messages.
    static let forms =
        "EXCHANGE SYMBOL FIELD HOUR, liquidations EXCHANGE HOUR, settlement EXCHANGE SYMBOL TIME, spread ASSET HOUR, composite HOUR"
}

import PerpCore

/// Which bytes of a response a stored value was made from.
///
/// Nothing is known of any exchange. A copy of the raw file is changed in one digit and transformed again: where the value
/// changes, it was made from that number. Nothing is looked up by its size or its name, so equal numbers are not confused,
/// and the transform itself says what it reads.
///
/// Most of the search is done on an excerpt of the file that is transformed in microseconds. Each number that is found is then
/// changed in the whole file too, and counts only if the value changes there in the same way.
public struct ValueTrace: Hashable, Sendable {
    /// One number or time of a response.
    public struct Source: Hashable, Sendable {
        /// The number of the line in the raw file, from 1.
        public var line: Int
        /// The way to it in the body of the response: `result.list[17].fundingRate`; `nil` for our time of receipt, which
        /// stands beside the body.
        public var path: String?
        /// Its bytes, without quotes.
        public var bytes: String
        /// Where its bytes stand in the decompressed file, from 0.
        public var offset: Int
        /// Its power in a product, where negative ones divide; in a sum 1, or -1 where it is subtracted. `nil` in another form.
        public var power: Int?
    }

    /// How the sources make the value.
    public enum Form: String, Hashable, Sendable, Codable {
        /// The value is the product of the sources, times `factor`: also of a single one.
        case product
        /// The value is their product, times `factor`, less one: a change, as a fraction.
        case growth
        /// The value is their sum, times `factor`.
        case sum
        /// The value is `p / (1 + p)` of their product `p`: the share of one side, from a ratio or from both sides.
        case share
        /// The value is `p / (1 - p)` of their product `p`: a change as a fraction of what was there before it.
        case gain
        /// The value follows each of them in another way.
        case other
    }

    /// In the order of the file; empty when none was found.
    public var sources: [Source] = []
    /// How they make the value.
    public var form = Form.other
    /// By what the product or the sum is multiplied: 0.01 for a percentage; `nil` in another form.
    public var factor: Double?
    /// Whether the raw file gives the value when it is transformed now; without that nothing was looked for.
    public var isReproduced = false
    /// How often the file or a part of it was transformed.
    public var runs = 0

    /// A trace that has found nothing yet.
    public init() {}

    /// Whether the sources make the whole value: what is left is a plain number, such as a power of ten or the seconds in an
    /// hour, or `units`.
    ///
    /// - Parameter units: canonical coins in one unit of the exchange.
    public func isWhole(units: Double = 1) -> Bool {
        guard !sources.isEmpty, let factor else { return false }
        return [factor, factor * units, factor / units].contains(where: Self.isPlain)
    }

    /// Whether a number is a whole one up to 999 times a power of ten, or one divided by such a number.
    static func isPlain(_ factor: Double) -> Bool {
        func isShort(_ number: Double) -> Bool {
            guard number > 1e-15, number < 1e18 else { return false }
            var mantissa = number
            while mantissa >= 1000 { mantissa /= 10 }
            while mantissa < 100 { mantissa *= 10 }
            return abs(mantissa - mantissa.rounded()) < 1e-7
        }
        return isShort(abs(factor)) || isShort(1 / abs(factor))
    }
}

extension ValueTrace {
    /// Finds the sources of a value.
    ///
    /// - Parameters:
    ///   - value: the value, as it is staged.
    ///   - symbol: the contract, in the exchange's spelling.
    ///   - units: canonical coins in one unit of the exchange.
    ///   - text: the raw file.
    ///   - transform: the value of the same field when such lines are transformed; `missing` when they have none. Behind the
    ///     bytes, `ByteBuffer.padding` more may be read.
    public init(
        of value: FieldValue, symbol: String, units: Double = 1, in text: RawText,
        transform: @escaping (UnsafeBufferPointer<UInt8>) -> FieldValue
    ) {
        guard let original = value.asNumber else { return }
        let whole = ValueSearch(Excerpt(of: text, without: []), value: original, transform: transform)
        defer { runs = whole.runs }
        isReproduced = whole.isFaithful()
        guard isReproduced else { return }
        let mentions = Mentions(of: symbol, in: text)
        for cuts in [mentions.otherRows, mentions.otherLines] {
            let search = ValueSearch(Excerpt(of: text, without: cuts()), value: original, transform: transform)
            defer { whole.runs += search.runs }
            if search.isFaithful(), take(from: search, units, checkedBy: whole, original, text) { return }
        }
        _ = take(from: whole, units, checkedBy: whole, original, text)
    }

    /// Takes what a search finds when the whole file agrees. Returns whether that makes the whole value.
    private mutating func take(
        from search: ValueSearch, _ units: Double, checkedBy whole: ValueSearch, _ value: Double, _ text: RawText
    ) -> Bool {
        for look in ValueSearch.Look.allCases {
            let moves = search.moves(look)
            let places = moves.map { search.excerpt.origin(of: $0.numeral) }
            let isSame = zip(moves, places).allSatisfy { whole.outcome(of: $1) == $0.result }
            guard isSame, moves.count >= sources.count, !moves.isEmpty else { continue }
            take(moves, at: places, of: value, in: text)
            if isWhole(units: units) { return true }
        }
        return false
    }

    private mutating func take(
        _ moves: [ValueSearch.Move], at places: [Numeral], of value: Double, in text: RawText
    ) {
        let shape = ValueShape(of: value, moves)
        form = shape.form
        factor = shape.factor
        sources = shape.kept.compactMap { index in
            let offset = places[index].place.lowerBound
            guard let line = text.line(at: offset) else { return nil }
            return Source(
                line: line.number, path: text.path(to: offset, in: line), bytes: moves[index].text, offset: offset,
                power: shape.powers[index])
        }
    }
}

extension FieldValue {
    /// A number, or a time in milliseconds; `nil` for text and for a missing value.
    var asNumber: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        case .text, .missing: nil
        }
    }
}

extension Exchange {
    /// The exchange that a user's text names: an id or a display name, ignoring case, spaces, dots and dashes
    /// (`Binance`, `gate.io`, `dydx v4`); `nil` when it names none.
    public init?(named text: some StringProtocol) {
        let name = Self.letters(of: text)
        guard let found = Self.allCases.first(where: { $0.spellings.contains(name) }) else { return nil }
        self = found
    }

    /// A message for a text that names no exchange, with the nearest name or with the list of all ids.
    public static func miss(_ text: some StringProtocol) -> String {
        if let nearest = nearest(to: text) { return "'\(text)' is no exchange; did you mean \(nearest.id)?" }
        return "'\(text)' is no exchange; there are \(allCases.map(\.id).joined(separator: ", "))"
    }

    /// The exchange whose name is nearest to a misspelled one: it begins with the text, or differs in one letter (in two
    /// for seven or more letters). `nil` when none is near.
    static func nearest(to text: some StringProtocol) -> Exchange? {
        let name = letters(of: text)
        let begun = allCases.filter { exchange in exchange.spellings.contains { $0.hasPrefix(name) } }
        if name.count >= 3, begun.count == 1 { return begun[0] }
        let candidates = allCases.flatMap { exchange in
            exchange.spellings.map { (exchange: exchange, distance: editDistance(name, $0)) }
        }
        guard let best = candidates.min(by: { ($0.distance, $0.exchange) < ($1.distance, $1.exchange) }),
            best.distance <= (name.count < 7 ? 1 : 2), name.count > 1
        else { return nil }
        return best.exchange
    }

    /// The display name for an exchange id; the id itself when it is not in `allCases`.
    public static func displayName(id: String) -> String { Exchange(rawValue: id)?.displayName ?? id }

    /// The id and the display name in the form that is compared.
    private var spellings: [String] { [Self.letters(of: id), Self.letters(of: displayName)] }

    /// Lower-case letters and digits only.
    private static func letters(of text: some StringProtocol) -> String {
        String(text.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }
}

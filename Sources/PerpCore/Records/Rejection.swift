/// A row, or a whole response, that could not be understood.
public struct Rejection: Hashable, Sendable {
    /// The number of characters that are kept of a value.
    public static let longestValue = 200

    /// The endpoint's name in the adapter's table.
    public var endpoint: String
    /// The row's index in the response, from 0; `nil` for a whole response.
    public var row: Int?
    /// The exchange's own spelling; `nil` when the row names no symbol.
    public var symbol: String?
    /// The field at fault, as the exchange names it; `nil` when no single field is.
    public var field: String?
    /// What is wrong, for people.
    public var reason: String
    /// What was found, cut at `longestValue` characters; `nil` when there is nothing to show.
    public var value: String?

    /// Creates a rejection and cuts `value` at `longestValue` characters.
    public init(
        endpoint: String, row: Int? = nil, symbol: String? = nil, field: String? = nil,
        reason: String, value: String? = nil
    ) {
        self.endpoint = endpoint
        self.row = row
        self.symbol = symbol
        self.field = field
        self.reason = reason
        self.value = value
        applyLimits()
    }
}

extension Rejection: FieldRecord {
    /// Cuts the value at `longestValue` characters.
    public mutating func applyLimits() {
        // By bytes first: counting characters is slow, and most values are short.
        if let value, value.utf8.count > Self.longestValue { self.value = String(value.prefix(Self.longestValue)) }
    }

    /// A record without values, which reading fills.
    public static let unread = Rejection(endpoint: "", reason: "")

    /// The fields of the table `rejection`, in the order of staged lines.
    public static let fields: [Field<Rejection>] = [
        Field("endpoint", \.endpoint, unit: "name in the adapter's table"),
        Field("row", \.row, unit: "index in the response, from 0"),
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("field", \.field, unit: "as the exchange names it"),
        Field("reason", \.reason, unit: "for people"),
        Field("value", \.value, unit: "what was found, cut at 200 characters"),
    ]
}

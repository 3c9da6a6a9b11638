/// A row, or a whole response, that could not be understood.
public struct Rejection: Hashable, Sendable {
    public static let longestValue = 200

    public var endpoint: String
    /// The row's place in the response, from 0; `nil` for a whole response.
    public var row: Int?
    public var symbol: String?
    /// The field at fault, as the venue names it; `nil` when no single field is.
    public var field: String?
    public var reason: String
    /// What was found, cut at 200 characters.
    public var value: String?

    public init(
        endpoint: String, row: Int? = nil, symbol: String? = nil, field: String? = nil,
        reason: String, value: String? = nil
    ) {
        self.endpoint = endpoint
        self.row = row
        self.symbol = symbol
        self.field = field
        self.reason = reason
        self.value = value.map { String($0.prefix(Self.longestValue)) }
    }
}

extension Rejection: FieldRecord {
    public static let unread = Rejection(endpoint: "", reason: "")

    public static let fields: [Field<Rejection>] = [
        Field("endpoint", \.endpoint, unit: "name in the adapter's table"),
        Field("row", \.row, unit: "index in the response, from 0"),
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("field", \.field, unit: "as the exchange names it"),
        Field("reason", \.reason, unit: "for people"),
        Field("value", \.value, unit: "what was found, cut at 200 characters"),
    ]
}

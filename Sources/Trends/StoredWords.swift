import PerpCore

// The words of the tables.

extension TrendSeries: FieldConvertible {}
extension TrendState: FieldConvertible {}
extension ScoreSide: FieldConvertible {}
extension SustainedHour.Status: FieldConvertible {}
extension VolatilityRegime: FieldConvertible {}
extension VolatilityFlag: FieldConvertible {}

/// A window as tables have it: hours.
extension TrendWindow: FieldConvertible {
    /// Written as an integer.
    public static var fieldType: FieldType { .integer }
    /// Hours.
    public var fieldValue: FieldValue { .integer(Int64(hours)) }
    /// Reads the hours of a window; `nil` for any other value.
    public init?(fieldValue: FieldValue) {
        guard let hours = Int(fieldValue: fieldValue) else { return nil }
        self.init(rawValue: hours)
    }
}

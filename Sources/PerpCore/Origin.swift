/// Whether data comes from exchanges or from a simulator. An archive or a warehouse holds only one of the two.
public enum Origin: String, Hashable, Sendable, CaseIterable, FieldConvertible {
    /// Exchanges sent the data.
    case real
    /// A simulator made the data.
    case simulated

    /// The response header that a simulator sends with each response, with the value `1`.
    public static let simulatedHeader = "x-perps-simulated"
}

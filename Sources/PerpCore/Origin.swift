/// Whether data is of exchanges, or invented by a simulator. An archive or a warehouse is one or the other.
public enum Origin: String, Hashable, Sendable, CaseIterable, FieldConvertible {
    case real, simulated

    /// The response header that a simulator sends with each response, with the value `1`.
    public static let simulatedHeader = "x-perps-simulated"
}

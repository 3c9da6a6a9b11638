extension String {
    /// The text without what steers a terminal, breaks a line or turns the direction of writing: exchanges name
    /// symbols as they like.
    public var printable: String {
        guard unicodeScalars.contains(where: \.isSteering) else { return self }
        return String(UnicodeScalarView(unicodeScalars.map { $0.isSteering ? "?" : $0 }))
    }
}

extension Unicode.Scalar {
    fileprivate var isSteering: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension String {
    /// The text with `?` for each character that controls a terminal, breaks a line or changes the writing direction.
    /// Exchanges choose symbols freely, and symbols reach terminals and chat messages.
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

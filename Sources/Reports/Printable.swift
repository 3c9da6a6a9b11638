extension String {
    /// The text without what steers a terminal: venues' words and symbols are shown as they came but for that.
    var printable: String {
        String(
            String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}

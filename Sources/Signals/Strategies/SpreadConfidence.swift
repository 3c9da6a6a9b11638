/// The confidence of a detector that lives from one spread, in percent of price.
enum SpreadConfidence {
    static func points(_ spread: Double?) -> Int {
        guard let spread else { return 0 }
        return spread > 0.40 ? 95 : spread > 0.30 ? 80 : 65
    }
}

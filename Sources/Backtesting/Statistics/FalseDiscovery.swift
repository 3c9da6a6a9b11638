/// Several tests at once.
public enum FalseDiscovery {
    /// The share of false discoveries to expect when each test is believed that is at least as good, in the order of the
    /// probabilities given.
    ///
    /// Source: Benjamini and Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    public static func shares(_ probabilities: [Double]) -> [Double] {
        let order = probabilities.indices.sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
        var shares = [Double](repeating: 0, count: probabilities.count)
        var least = 1.0
        for rank in stride(from: order.count, to: 0, by: -1) {
            let place = order[rank - 1]
            least = min(least, probabilities[place] * (Double(order.count) / Double(rank)))
            shares[place] = least
        }
        return shares
    }
}

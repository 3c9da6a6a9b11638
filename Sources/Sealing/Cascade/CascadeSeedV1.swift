import PerpCore

/// The cascade score of the seed-v1 model: an hour of liquidations over 24 hours of volume.
public enum CascadeSeedV1 {
    /// 0 to 1. `volumeUSD24h` in dollars; limits are exceeded, not reached.
    public static func score(longUSD: Double, shortUSD: Double, volumeUSD24h: Double) -> Double {
        let total = longUSD + shortUSD
        let rate = volumeUSD24h == 0 ? 0 : total / volumeUSD24h
        return min(1, rateScore(rate) + biasScore(longUSD, total) + sizeScore(total))
    }

    private static func rateScore(_ rate: Double) -> Double {
        step(rate, [(0.05, 0.4), (0.03, 0.3), (0.01, 0.2), (0.005, 0.1)])
    }

    private static func biasScore(_ longUSD: Double, _ total: Double) -> Double {
        guard total > 0 else { return 0 }
        return step(abs(longUSD / total - 0.5), [(0.40, 0.3), (0.30, 0.25), (0.20, 0.2), (0.10, 0.1)])
    }

    private static func sizeScore(_ total: Double) -> Double {
        step(total, [(1e9, 0.3), (5e8, 0.25), (1e8, 0.2), (5e7, 0.15), (1e7, 0.1)])
    }

    private static func step(_ value: Double, _ steps: [(above: Double, score: Double)]) -> Double {
        steps.first { value > $0.above }?.score ?? 0
    }
}

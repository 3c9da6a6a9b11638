import Testing
import Trends

@testable import Signals

@Suite("What strategies do with trends")
struct ConfidenceAdjustmentTests {
    static func context(
        day: TrendState = .flat, swing: TrendState = .flat, regime: VolatilityRegime? = .normal, spread: Double? = nil
    ) -> TrendContext {
        TrendContext(
            priceDay: TrendReading(state: day, z: nil), priceSwing: TrendReading(state: swing, z: nil),
            regime: regime, forecastSpread8h: spread)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let strategy: Strategy
        let direction: Direction
        let confidence: Int
        let context: TrendContext
        let adjusted: Int
        var testDescription: String { "\(strategy.rawValue) \(direction.rawValue) \(confidence): \(adjusted)" }

        init(_ strategy: Strategy, _ direction: Direction, _ confidence: Int, _ context: TrendContext, _ adjusted: Int) {
            self.strategy = strategy
            self.direction = direction
            self.confidence = confidence
            self.context = context
            self.adjusted = adjusted
        }
    }

    static let rows = [
        Row(.momentumBreakout, .long, 100, context(swing: .up), 100),
        Row(.momentumBreakout, .long, 100, context(swing: .down), 90),
        Row(.meanReversion, .short, 100, context(day: .up), 100),
        Row(.meanReversion, .short, 100, context(day: .up, swing: .up), 90),
        Row(.rangeTrading, .neutral, 100, context(day: .up, regime: .elevated), 75),
        Row(.volatilityExpansion, .both, 85, context(regime: .calm), 95),
        Row(.fundingArbitrage, .neutral, 52, context(spread: 0), 32),
        // The others of each line, and what adds nothing.
        Row(.trendFollowing, .short, 70, context(swing: .down), 80),
        Row(.trendFollowing, .short, 70, context(swing: .up), 60),
        Row(.breakout, .bullish, 80, context(swing: .up), 90),
        Row(.breakout, .both, 80, context(swing: .up), 80),
        Row(.momentumBreakout, .long, 80, context(swing: .unknown), 80),
        Row(.contrarian, .long, 60, context(day: .down, swing: .down), 50),
        Row(.contrarian, .long, 60, context(day: .up, swing: .up), 60),
        Row(.contrarian, .unclear, 60, context(day: .down, swing: .down), 60),
        Row(.meanReversion, .short, 100, context(day: .up, swing: .unknown), 100),
        Row(.scalping, .bullish, 90, context(day: .down, regime: .stressed), 65),
        Row(.deltaNeutral, .neutral, 20, context(day: .down, regime: .stressed), 0),
        Row(.deltaNeutral, .neutral, 100, context(day: .unknown, regime: nil), 100),
        Row(.rangeTrading, .bullish, 100, context(swing: .up, regime: .calm), 100),
        Row(.volatilityExpansion, .both, 85, context(regime: .stressed), 70),
        Row(.volatilityExpansion, .both, 100, context(regime: .calm), 100),
        Row(.volatilityExpansion, .both, 85, context(regime: .elevated), 85),
        Row(.fundingArbitrage, .neutral, 52, context(spread: 0.00001), 52),
        Row(.fundingArbitrage, .neutral, 52, context(spread: nil), 52),
        Row(.fundingArbitrage, .neutral, 52, context(spread: -0.0001), 32),
    ]

    @Test("the table", arguments: rows)
    func table(_ row: Row) {
        let found = row.context.adjust(row.strategy, row.direction, confidence: row.confidence)
        #expect(found.adjusted == row.adjusted)
        #expect(found.confidence == row.confidence)
    }

    @Test(
        "a warning is not muted, and a basis is not a trend",
        arguments: [.liquidationCascade, .basisArbitrage, .contangoBackwardation, .institutionalDivergence] as [Strategy])
    func never(strategy: Strategy) {
        for state in TrendState.allCases {
            for regime in VolatilityRegime.allCases {
                let context = Self.context(day: state, swing: state, regime: regime, spread: -1)
                #expect(context.adjust(strategy, .short, confidence: 61).adjustments.isEmpty)
            }
        }
    }

    @Test("trend following does not fire against the trend of the score; an unknown one passes with a flag")
    func scoreTrend() {
        func context(_ state: TrendState) -> TrendContext {
            TrendContext(scoreDay: TrendReading(state: state, z: nil))
        }
        #expect(!context(.down).allows(.trendFollowing, .long))
        #expect(!context(.up).allows(.trendFollowing, .short))
        #expect(context(.up).allows(.trendFollowing, .long))
        #expect(context(.flat).allows(.trendFollowing, .long))
        #expect(context(.unknown).allows(.trendFollowing, .long))
        #expect(context(.down).allows(.momentumBreakout, .long))
        #expect(context(.unknown).adjust(.trendFollowing, .long, confidence: 70).flags == [.trendUnknown])
        #expect(context(.flat).adjust(.trendFollowing, .long, confidence: 70).flags.isEmpty)
        #expect(context(.unknown).adjust(.breakout, .long, confidence: 70).flags.isEmpty)
    }

    @Test("both numbers are shown")
    func text() {
        let up = Self.context(day: .up, swing: .up, regime: .elevated)
        #expect(up.adjust(.trendFollowing, .long, confidence: 75).text == "75, with the trend +10")
        #expect(
            up.adjust(.rangeTrading, .neutral, confidence: 100).text == "100, in a trend -15, in volatile hours -10")
        #expect(up.adjust(.volatilityExpansion, .both, confidence: 85).text == "85")
    }

    @Test("a line of the message tells trend and volatility")
    func line() {
        let context = TrendContext(
            priceSwing: TrendReading(state: .up, z: 1.9), regime: .elevated, rank: 0.86)
        let line = "Trend 72 h up (z 1.9), volatility elevated (rank 0.86)"
        for strategy in Strategy.allCases {
            #expect(context.line(for: strategy) == ([4, 12, 13, 14, 15].contains(strategy.rawValue) ? nil : line))
        }
        #expect(TrendContext().line(for: .scalping) == "Trend 72 h unknown, volatility unknown")
    }
}

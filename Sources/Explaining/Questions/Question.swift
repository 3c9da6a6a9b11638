import PerpCore

/// A number of the warehouse that somebody wants explained.
public enum Question: Hashable, Sendable {
    /// A field of a contract in an hour. The contract is a symbol, or an asset that stands for its reference perpetual; the
    /// column is one of the view `tickers`.
    case ticker(Exchange, contract: String, column: String, Hour)
    /// How the holders of a contract were split in an hour.
    case longShort(Exchange, contract: String, Hour)
    /// What was settled on a contract.
    case settlement(Exchange, contract: String, Timestamp)
    /// What an exchange liquidated in the hour before this one.
    case liquidations(Exchange, Hour)
    /// What the exchanges' funding of an asset, or its prices, are apart in an hour: between two exchanges that are named, or
    /// else the widest.
    case spread(SpreadKind, asset: String, between: [Exchange], Hour)
    /// A figure of the whole market in an hour.
    case market(MarketFigure, Hour)
}

/// What is apart between two exchanges.
public enum SpreadKind: String, Hashable, Sendable, CaseIterable {
    /// The rates of funding, each for its own interval, per year.
    case funding
    /// The prices.
    case price
}

/// A figure of the whole market.
public enum MarketFigure: String, Hashable, Sendable, CaseIterable {
    /// The composite score of the sentiment model.
    case composite
    /// The mean of the exchanges' funding.
    case funding
    /// What was traded in the rolling day.
    case volume
    /// What is open.
    case openInterest = "open_interest"
    /// The score of liquidations of the last hours.
    case cascade
}

/// Why a question was not understood.
public struct QuestionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, with the nearest words that are known.
    public let description: String
}

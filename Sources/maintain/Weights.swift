import ArgumentParser
import CommandSupport
import FactorWeights
import PerpCore
import PipelineFiles
import Reports
import Sealing
import Warehouse
import WarehouseCommands

/// Tries other weights of the sentiment's factors on the past.
struct Weights: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Other weights of the sentiment's factors: proposed with their evidence, or refused with the rule.",
        discussion: """
            Weights are learned from the past and tried on the days that follow. What came out is stored in the table \
            weight_proposal; the model never changes by itself.

            \(endings)
            """)

    private static let endings = ExitStatus.help(
        [.done: "done, also when the weights are refused", .io: "the database is missing or failed"], locked: true)

    @OptionGroup var warehouse: WarehouseOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Only look: do not store what came out, and take no lock.")
    var dryRun = false

    @OptionGroup var clock: ClockOptions
    @OptionGroup var lock: LockOptions

    func run() throws {
        try warehouse.running("maintain") {
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let hours = FactorHour.hours(try Self.stored(in: database))
            let proposal = WeightProposal(
                hours, factsHash: FactorHour.hash(of: hours), codeVersion: packageVersion)
            let row = WeightRow(proposal, at: clock.time)
            let known = try dryRun ? WeightStore(database).row(row.id) ?? row : keep(row)
            let report = WeightReport(known, hours: hours.count)
            print(json ? try report.json() : report.text, terminator: "")
        }
    }

    /// Stores the row. Only this needs the lock: others may write while the past is looked at.
    private func keep(_ row: WeightRow) throws -> WeightRow {
        let lock = try warehouse.lock("maintain weights", patience: lock.patience)
        defer { withExtendedLifetime(lock) {} }
        return try WeightStore(Warehouse(path: warehouse.path)).add(row)
    }

    /// The sealed hours with the factors of v2, the market's returns and its volatility.
    static func stored(in database: Warehouse) throws -> [StoredFactors] {
        guard let span = try SealedHours(database).span() else { return [] }
        let scores = try SealedHours(database).scores(from: span.lowerBound, through: span.upperBound)
        let byHour = Dictionary(grouping: scores.filter { $0.model == .v2 }, by: \.hour)
        return try WeightStore(database).marketSteps().map { step in
            StoredFactors(
                hour: step.hour, scores: FactorHour.weighed(byHour[step.hour] ?? []), change: step.change,
                gapHours: step.gapHours, volatility: step.volatility)
        }
    }
}

/// Sets the score of proposed weights beside that of the model.
struct AcceptWeights: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept-weights",
        abstract: "Set the score of proposed weights beside the model's, in the view proposed_sentiment.",
        discussion: WeightDecision.endings)

    @Argument(help: "The name of the proposal, as 'maintain weights' printed it: v2.w1a2b3c4d.")
    var id: String

    @OptionGroup var warehouse: WarehouseOptions
    @OptionGroup var lock: LockOptions

    func run() throws {
        try warehouse.running("maintain") {
            try WeightDecision(id: id, to: .accepted).decide(in: warehouse, patience: lock.patience)
            print("\(id): accepted: its score stands beside that of v2, in the view proposed_sentiment")
        }
    }
}

/// Takes the score of accepted weights away again.
struct WithdrawWeights: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw-weights",
        abstract: "Take proposed or accepted weights back: their score is no longer shown.",
        discussion: WeightDecision.endings)

    @Argument(help: "The name of the proposal: v2.w1a2b3c4d.")
    var id: String

    @OptionGroup var warehouse: WarehouseOptions
    @OptionGroup var lock: LockOptions

    func run() throws {
        try warehouse.running("maintain") {
            try WeightDecision(id: id, to: .withdrawn).decide(in: warehouse, patience: lock.patience)
            print("\(id): withdrawn")
        }
    }
}

/// What a person decides about a proposal.
struct WeightDecision {
    static let endings = ExitStatus.help(
        [.usage: "there is no such proposal, or it cannot be decided so", .io: "the database is missing or failed"],
        locked: true)

    let id: String
    let to: WeightRow.Status

    /// Throws wrong usage when the proposal is not there, or is not one that this can be decided about.
    func decide(in warehouse: WarehouseOptions, patience: Duration) throws {
        let lock = try warehouse.lock("maintain weights", patience: patience)
        defer { withExtendedLifetime(lock) {} }
        guard FileSystem.exists(warehouse.path) else { throw WarehouseError.missing(path: warehouse.path) }
        let store = WeightStore(try Warehouse(path: warehouse.path))
        guard let row = try store.row(id) else {
            let names = try store.rows().filter { Self.allowed(from: $0.status, to: to) }.map(\.id)
            let others = names.isEmpty ? "" : ": there is \(names.joined(separator: ", "))"
            throw ValidationError("there is no proposal '\(id)'\(others)")
        }
        guard Self.allowed(from: row.status, to: to) else { throw ValidationError(Self.refusal(row)) }
        try store.set(to, of: id)
    }

    /// A refused proposal stays refused, whoever likes it.
    static func allowed(from: WeightRow.Status, to: WeightRow.Status) -> Bool {
        switch to {
        case .accepted: from == .proposed
        case .withdrawn: from == .proposed || from == .accepted
        case .refused, .proposed: false
        }
    }

    static func refusal(_ row: WeightRow) -> String {
        switch row.status {
        case .refused: "'\(row.id)' was refused: \(row.reason ?? "a rule failed")"
        case .accepted: "'\(row.id)' is accepted already"
        case .withdrawn: "'\(row.id)' was withdrawn"
        case .proposed: "'\(row.id)' is only proposed"
        }
    }
}

extension WeightRow {
    /// Of what was found; it is not stored yet.
    init(_ proposal: WeightProposal, at time: Timestamp) {
        let t = proposal.t.map(Double?.some)
        self.init(
            id: proposal.id, createdAt: time, status: proposal.refusal == nil ? .proposed : .refused,
            reason: proposal.refusal?.description, from: proposal.from, to: proposal.to, blocks: proposal.blocks,
            weights: proposal.weights.values, standard: FactorWeights.standard.values,
            t: t.isEmpty ? FactorWeights.factors.map { _ in nil } : t, gainMean: proposal.gainMean,
            gainT: proposal.gainT, shareOfBlocks: proposal.shareOfBlocks, scoreT: proposal.scoreT, move: proposal.move,
            factsHash: proposal.factsHash, codeVersion: proposal.codeVersion, version: FactorWeights.version)
    }
}

extension WeightReport {
    /// - Parameter hours: how many hours had a known outcome.
    init(_ row: WeightRow, hours: Int) {
        let numbers = zip(zip(row.weights.all, row.standard.all), row.t.all)
        self.init(
            id: row.id, status: row.status.rawValue, reason: row.reason, from: row.from, to: row.to, hours: hours,
            blocks: row.blocks,
            factors: zip(FactorWeights.factors, numbers).map { factor, numbers in
                Factor(name: factor.rawValue, weight: numbers.0.0, standard: numbers.0.1, t: numbers.1)
            },
            gainMean: row.gainMean, gainT: row.gainT, shareOfBlocks: row.shareOfBlocks, scoreT: row.scoreT,
            move: row.move)
    }
}

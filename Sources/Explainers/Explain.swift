import ArgumentParser
import CommandSupport
import Explaining
import PerpCore
import PipelineFiles
import Warehouse
import WarehouseCommands

/// Prints the way back of a number: from the view to the bytes of the response. It only reads.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Where a number of the warehouse comes from, down to the bytes that the exchange sent.",
        discussion: """
            Questions:
              binance BTCUSDT funding 2025-10-23T15      a field of a contract in an hour
              okx BTC open interest 2025-10-23T15        an asset stands for its reference perpetual
              okx BTC-USDT-SWAP long_short 2025-10-23T15 how its holders were split
              liquidations okx 2025-10-23T15             the closed hour before it: sums and events
              settlement gate BTC 2025-10-23T16:00       what was settled, and who said so first
              spread BTC 2025-10-23T15                   the widest funding of two exchanges; spread BTC okx gate …; price spread …
              composite 2025-10-23T15                    the market; so are score, funding, volume, open interest, cascade

            Fields: \(KnownWords.columns.map { $0.words[0] }.joined(separator: ", ")); or a column of the view tickers.

            The bytes are found by changing a copy of the raw file, a digit at a time, and transforming it again: what moves \
            the value is what it was made from. Where nothing is found, that is said.

            \(endings)
            """,
        version: packageVersion)

    static let endings = ExitStatus.help([
        .done: "explained", .usage: "wrong usage (hours of which nothing is recorded too)",
        .data: "a file is not the one that was loaded, or gives another value",
        .unavailable: "there is no such number: why is printed", .io: "the database or a file is missing or failed",
    ])

    @Argument(help: ArgumentHelp("The question, as above.", valueName: "question"))
    var words: [String]

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var archive: ArchiveFolders

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try warehouse.running("explain") {
            let question = try asUsage { try Question(words) { Hour(argument: $0) } }
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let explainer = Explainer(database, files: ExplainedFiles(archive.paths))
            let answer = try question.hour.flatMap(explainer.removed) ?? explained(question, explainer)
            print(json ? try answer.explanation.json() : answer.explanation.text, terminator: "")
            if answer.isMissing { throw ExitStatus.unavailable.code }
            if answer.isDoubtful { throw ExitStatus.data.code }
        }
    }

    private func explained(_ question: Question, _ explainer: Explainer) throws -> Answer {
        if let hour = question.hour { try AskedHours("explain", in: explainer.database).recorded(hour...hour) }
        return try explainer.answer(to: question)
    }
}

extension Question {
    /// The hour that has to be recorded; `nil` for a settlement, which hours after it state.
    fileprivate var hour: Hour? {
        switch self {
        case .ticker(_, _, _, let hour), .longShort(_, _, let hour), .liquidations(_, let hour), .market(_, let hour),
            .spread(_, _, _, let hour):
            hour
        case .settlement: nil
        }
    }
}

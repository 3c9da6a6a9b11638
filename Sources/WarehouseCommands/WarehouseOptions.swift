import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Sealing
import Warehouse

/// Which database a program works on, and how it tells of what went wrong there.
public struct WarehouseOptions: ParsableArguments, Sendable {
    @Option(name: .customLong("warehouse"), help: "The database.")
    public var path = "warehouse/market_history.db"

    public init() {}

    /// The folder that the database is in.
    public var folder: String { FileSystem.folder(of: path) }

    /// Takes the lock of everyone who writes the database. It is held as long as the value lives.
    /// - Throws: `LockedError` when another run holds it for longer than `patience`.
    public func lock(_ purpose: String, patience: Duration = .zero) throws -> Lock {
        try Lock("\(folder)/.lock", purpose: purpose, patience: patience)
    }

    /// Runs a program's work on the database: see `running` of `CommandSupport`.
    public func running<Result>(_ program: String, _ body: () throws -> Result) throws -> Result {
        try CommandSupport.running(program, explain: explanation, body)
    }

    /// The same for work that waits.
    public func running<Result>(
        _ program: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        try await CommandSupport.running(program, explain: explanation, isolation: isolation, body)
    }

    private func explanation(of error: any Error) -> String {
        if let error = error as? WarehouseError, error == .missing(path: path) {
            return "\(error): run 'make hourly' first; the demo's is read with DATA=.demo"
        }
        return Warehouse.explain(error, path: path)
    }
}

extension SentimentModel: ExpressibleByArgument {}

/// The copies that `maintain backup` leaves where nothing else is said, oldest first; empty without any.
public func copiesOfWarehouse(beside path: String) -> [String] {
    let folder = "\(FileSystem.folder(of: path))/backup"
    let names = (try? FileSystem.names(in: folder)) ?? []  // there may be none
    return names.filter { $0.hasSuffix(".db") && !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }
}

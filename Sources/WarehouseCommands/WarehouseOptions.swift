import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Sealing
import Warehouse

/// Which database a program works on, and how its errors are explained.
public struct WarehouseOptions: ParsableArguments, Sendable {
    /// The path of the database, `--warehouse`.
    @Option(name: .customLong("warehouse"), help: "The database.")
    public var path = "warehouse/market_history.db"

    /// Options that were not given: the database in `warehouse/`.
    public init() {}

    /// The folder that the database is in.
    public var folder: String { FileSystem.folder(of: path) }

    /// Takes the lock that all writers of the database share. It is held as long as the returned value lives.
    /// - Throws: `LockedError` when another run holds it for longer than `patience`, `FileError` when it cannot be used.
    public func lock(_ purpose: String, patience: Duration = .zero) throws -> Lock {
        try Lock("\(folder)/.lock", purpose: purpose, patience: patience)
    }

    /// Runs a program's work on the database, as `running` of `CommandSupport` does.
    /// - Throws: only `ExitCode` or `ValidationError`.
    public func running<Result>(_ program: String, _ body: () throws -> Result) throws -> Result {
        try CommandSupport.running(program, explain: explanation, body)
    }

    /// Runs a program's asynchronous work in the same way.
    /// - Throws: only `ExitCode` or `ValidationError`.
    public func running<Result>(
        _ program: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        try await CommandSupport.running(program, explain: explanation, isolation: isolation, body)
    }

    private func explanation(of error: any Error) -> String {
        if let error = error as? WarehouseError, error == .missing(path: path) {
            return "\(error): run 'make hourly' first; the demo's is read with DATA=.demo"
        }
        return WarehouseError.explain(error, path: path)
    }
}

extension SentimentModel: ExpressibleByArgument {}

/// The copies that `maintain backup` writes to its usual folder beside the database, oldest first; empty without any.
public func copiesOfWarehouse(beside path: String) -> [String] {
    let folder = "\(FileSystem.folder(of: path))/backup"
    let names = (try? FileSystem.names(in: folder)) ?? []  // there may be none
    return names.filter { $0.hasSuffix(".db") && !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }
}

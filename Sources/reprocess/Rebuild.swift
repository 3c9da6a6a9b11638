import CommandSupport
import Foundation
import OutcomeKeeping
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse

/// Makes the whole warehouse again, in a scratch database beside the live one.
struct Rebuild {
    let live: Warehouse
    let paths: ArchivePaths
    let now: Timestamp
    let jobs: Int
    let isStopped: () -> Bool

    /// The path of the scratch database, from which a killed rebuild is resumed.
    var scratchPath: String { Self.scratchPath(of: live.path) }

    /// A scratch database that has been filled.
    struct Filled {
        let scratch: Warehouse
        let outcome: Loader.LoadResult
        /// The syncing of the staged files to the disk.
        let files: Meanwhile<Void>
    }

    /// Fills the scratch database: from raw where there is raw, and from the live database for all other hours.
    func fillScratch(writesFiles: Bool) throws -> Filled {
        let archived = try Archive.span(paths).map { Archive.files(in: $0, of: Exchange.allCases, paths: paths) } ?? []
        let present = Set(archived)
        if try isOutdated(present) { removeScratch() }
        func production(_ loaded: [ExchangeHour: LoadedRaw]) -> OrderedWork<ExchangeHour, Product> {
            Production(paths: paths, loaded: loaded, writesFiles: writesFiles).run(archived, jobs: jobs)
        }
        // The first files are made while the database is created.
        let begun = FileSystem.exists(scratchPath) ? nil : production([:])
        defer { begun?.stop() }
        let scratch = try Warehouse(path: scratchPath, for: .scratch)
        let transfer = ContentTransfer(to: scratch)
        try transfer.dropLateIndices()
        try transfer.copyKeptTables(of: live)
        // Hours whose raw files are gone exist in the live database only.
        try carryOver(try CoverageLedger(live).loadedRaw().keys.filter { !present.contains($0) }, into: scratch)
        let loader = Loader(
            warehouse: scratch, paths: paths, now: now, isLive: false, isStopped: isStopped)
        var outcome = try loader.run(archived, from: try begun ?? production(CoverageLedger(scratch).loadedRaw()))
        if !isStopped() { try past(scratch, writesFiles: writesFiles).run(into: &outcome) }
        let files = Meanwhile { if writesFiles { FileSystem.syncEverything() } }
        if isStopped() { return Filled(scratch: scratch, outcome: outcome, files: files) }
        // A raw file that has become unreadable keeps what was loaded from it before.
        try carryOver(outcome.unreadable, into: scratch)
        try transfer.makeSettlementIndex(like: live)
        _ = try scratch.transaction { try scratch.seal() }
        try OutcomeKeeper(scratch).rebuild(takingOver: live)
        // Raw may go back further than the warehouse: what retention has removed stays removed.
        if let first = try Retention(live).keptFrom() { _ = try Retention(scratch).removeHours(before: first) }
        try transfer.complete(like: live)
        return Filled(scratch: scratch, outcome: outcome, files: files)
    }

    /// Whether the scratch database must be begun again: it is of another version, which takes longer to replace, it knows
    /// hours that have been removed since, it lacks rows, because it is not synced, or it lacks what was loaded since.
    private func isOutdated(_ files: Set<ExchangeHour>) throws -> Bool {
        guard FileSystem.exists(scratchPath) else { return false }
        let scratch = try Warehouse(path: scratchPath, for: .scratch)
        let inLive = Set(try CoverageLedger(live).loadedRaw().keys)
        let isOld = try CoverageLedger(scratch).loadedRaw().contains { file, loaded in
            files.contains(file) ? loaded.transformVersion != transformVersion : !inLive.contains(file)
        }
        let integrity = Integrity(scratch)
        return try isOld || PastLoader.isOutdated(scratch, live, paths) || !integrity.lostRows().isEmpty
            || !integrity.holdsLog(of: live)
    }

    private func past(_ scratch: Warehouse, writesFiles: Bool) -> PastLoader {
        PastLoader(
            live: live, scratch: scratch, paths: paths, now: now, jobs: jobs, writesFiles: writesFiles,
            isStopped: isStopped)
    }

    /// Copies from the live database the facts of files that cannot be made again.
    private func carryOver(_ files: [ExchangeHour], into scratch: Warehouse) throws {
        guard !files.isEmpty else { return }
        try scratch.transaction {
            for file in files.sorted() {
                guard let (staged, origin) = try LoadedFacts(live).stagedHour(file.exchange, file.hour, file.feed)
                else {
                    continue
                }
                _ = try scratch.load(staged, from: origin)
            }
        }
    }

    /// Starts looking for problems in the scratch database, with other connections, while the caller continues.
    func beginChecks() -> [Meanwhile<[String]>] {
        TableHalf.allCases.map { half in
            Meanwhile { [scratchPath] in
                let integrity = Integrity(try Warehouse(path: scratchPath, for: .reading))
                return try integrity.problems(in: half) + (half == .allElse ? integrity.lostRows() : [])
            }
        }
    }

    /// Which derived tables differ between the live and the scratch database.
    static func differences(_ live: Warehouse, _ scratch: Warehouse) throws -> [(
        live: TableDigest, scratch: TableDigest
    )] {
        zip(try Integrity(live).digests(), try Integrity(scratch).digests()).filter { $0 != $1 }.map {
            (live: $0, scratch: $1)
        }
    }

    func removeScratch() { Self.removeScratch(of: live.path) }

    static func removeScratch(of live: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            try? FileManager.default.removeItem(atPath: scratchPath(of: live) + suffix)  // some never existed
        }
    }

    static func scratchPath(of live: String) -> String { live + ".rebuild" }
}

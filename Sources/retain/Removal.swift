import CommandSupport
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse
import WarehouseCommands

/// Removes old hours from the three stages, one hour or day after the other.
struct Removal {
    let paths: ArchivePaths
    var warehouse: Warehouse?
    let now: Timestamp
    let isDryRun: Bool
    let isForced: Bool
    let stop: StopRequest

    /// The pages that are returned in one step: a few milliseconds under the lock.
    private static let pagesAStep = 512

    func run(_ days: DaysToKeep) throws {
        if let raw = days.raw { try removeRaw(before: cut(raw), days: raw) }
        if let staged = days.staged { try removeStaged(before: cut(staged), days: staged) }
        if let rows = days.warehouse { try removeRows(before: cut(rows), days: rows) }
        if let history = days.history { try removePast(days: history) }
    }

    /// The first hour that stays: the first one that begins no earlier than `days` ago.
    private func cut(_ days: Int) -> Hour {
        Hour(containing: now.advanced(byMilliseconds: -Int64(days) * 86_400_000 - 1)).next
    }

    // MARK: - Files

    private func removeRaw(before cut: Hour, days: Int) throws {
        let folders = HourFolders(root: paths.raw)
        var outdated = Outdated()
        try removeFiles(in: folders, before: cut, days: days) { hour in
            if let stranger = try folders.strangers(in: hour).first {
                return "holds '\(stranger)', which is no raw file"
            }
            return try reasonToKeep(hour, &outdated)
        }
        guard let warning = outdated.warning else { return }
        let advice = isDryRun ? ": run 'make reprocess' first" : ""
        Diagnostics.report("retain", "\(folders.root): \(warning)\(advice)")
    }

    private func removeStaged(before cut: Hour, days: Int) throws {
        let folders = HourFolders(root: paths.staged)
        try removeFiles(in: folders, before: cut, days: days) { hour in
            try folders.strangers(in: hour).first.map { "holds '\($0)', which is no staged file" }
        }
    }

    private func removeFiles(
        in folders: HourFolders, before cut: Hour, days: Int, unless reasonToKeep: (Hour) throws -> String?
    ) throws {
        if !isDryRun { try folders.finishRemovals(before: cut) }
        let hours = try folders.hours(before: cut)
        let progress = Progress("retain \(folders.root)", total: hours.count)
        var removed = HourFolders.FolderContent()
        var count = (removed: 0, kept: 0)
        for hour in hours where !stop.isMade {
            if let reason = try reasonToKeep(hour) {
                Diagnostics.report("retain", "\(folders.folder(hour)): kept: \(reason)")
                count.kept += 1
            } else {
                removed += try isDryRun ? folders.content(hour) : removeLocked(hour, in: folders)
                count.removed += 1
            }
            progress.advance()
        }
        let kept = count.kept == 0 ? "" : "; \(Numbers.counted(count.kept, "hour")) kept, see above"
        print(
            "\(folders.root): \(verb) \(Numbers.counted(count.removed, "hour")) before \(cut.spoken) "
                + "(\(Numbers.counted(days, "day"))): "
                + "\(Numbers.counted(removed.files, "file")), \(megabytes(removed.bytes))\(kept)")
    }

    /// Removes an hour's folder under its lock: no program may be writing into it.
    private func removeLocked(_ hour: Hour, in folders: HourFolders) throws -> HourFolders.FolderContent {
        let isLink = FileSystem.kind(of: folders.folder(hour)) == .link
        guard folders.root == paths.raw, !isLink else { return try folders.remove(hour) }
        let lock = try Lock(paths.rawLock(hour), purpose: "retain")
        defer { withExtendedLifetime(lock) {} }
        return try folders.remove(hour)
    }

    /// Why the raw files of an hour must stay: one of them was not loaded as it is now; `nil` when they may go.
    private func reasonToKeep(_ hour: Hour, _ outdated: inout Outdated) throws -> String? {
        let loadings = try warehouse.map { try CoverageLedger($0).loadings(of: hour) } ?? []
        for (exchange, feed) in Exchange.allCases.flatMap({ exchange in Feed.ofHours.map { (exchange, $0) } }) {
            let path = paths.rawFile(exchange, hour, feed)
            guard FileSystem.exists(path) else { continue }
            let bytes = ByteBuffer()
            try FileSystem.read(path, into: bytes)
            let hash = bytes.withBytes(sha256)
            let versions = loadings.filter { $0.exchange == exchange && $0.rawSHA256 == hash }.map(\.transformVersion)
            if let version = versions.max() {
                if version < transformVersion { outdated.add(hour, version) }
            } else if isForced {
                Diagnostics.report("retain", "\(path): was never loaded, and is removed by --force")
            } else {
                return "\(exchange.id) was never loaded: load it, or say --force (FORCE=1)"
            }
        }
        return nil
    }

    /// Removes the raw files of runs that asked for the past and began earlier than `days` ago. What perished at the exchange
    /// cannot be asked again: a file that was never loaded as it is now stays.
    private func removePast(days: Int) throws {
        let cut = now.advanced(byMilliseconds: -Int64(days) * 86_400_000)
        let loaded = try warehouse.map { try HistoryReader($0).files() } ?? []
        let byKey = Dictionary(uniqueKeysWithValues: loaded.map { ($0.key, $0.raw) })
        var (count, removed, outdated) = ((removed: 0, kept: 0), HourFolders.FolderContent(), Outdated())
        for file in try paths.rawHistory() where file.begunAt < cut && !stop.isMade {
            let path = paths.rawFile(file)
            let raw = byKey[file.key]
            if try raw == nil || raw?.rawSHA256 != sha256(of: path) {
                guard isForced else {
                    Diagnostics.report("retain", "\(path): kept: was never loaded: load it, or say --force (FORCE=1)")
                    count.kept += 1
                    continue
                }
                Diagnostics.report("retain", "\(path): was never loaded, and is removed by --force")
            } else if let version = raw?.transformVersion, version < transformVersion {
                outdated.add(Hour(containing: file.begunAt), version)
            }
            removed.files += 1
            removed.bytes += isDryRun ? FileSystem.size(of: path) : try paths.removeRaw(file)
            count.removed += 1
        }
        if let warning = outdated.warning {
            Diagnostics.report(
                "retain", "\(paths.raw)/history: \(warning)\(isDryRun ? ": run 'make reprocess' first" : "")")
        }
        let kept = count.kept == 0 ? "" : "; \(Numbers.counted(count.kept, "file")) kept, see above"
        print(
            "\(paths.raw)/history: \(verb) \(Numbers.counted(removed.files, "file")) from before \(cut) "
                + "(\(Numbers.counted(days, "day"))): \(megabytes(removed.bytes))\(kept)")
    }

    // MARK: - Rows

    private func removeRows(before cut: Hour, days: Int) throws {
        guard let warehouse else {
            print("warehouse: there is none")
            return
        }
        let retention = Retention(warehouse)
        let before = try warehouse.fileSize()
        let removed: RemovedHours
        // A roll-up needs summaries that are up to date, and so does the lake.
        if !isDryRun { try warehouse.seal(through: cut.previous) }
        let cut = try heldByLake(before: cut, warehouse)
        if isDryRun {
            removed = try retention.hours(before: cut)
        } else {
            let progress = Progress("retain warehouse", total: try retention.hours(before: cut).rolledUpDays)
            removed = try retention.removeHours(before: cut) {
                progress.advance()
                return !stop.isMade
            }
            try giveBack(retention, at: warehouse.path)
        }
        let freed = isDryRun ? "" : ", \(megabytes(before - (try warehouse.fileSize()))) given back"
        print(
            "\(warehouse.path): \(verb) \(Numbers.counted(removed.hours, "hour")) before \(cut.spoken) "
                + "(\(Numbers.counted(days, "day"))): "
                + "\(Numbers.counted(removed.tickers, "ticker")) and what goes with them\(freed); "
                + "\(Numbers.counted(removed.rolledUpDays, "day")) rolled up")
    }

    /// The end of the hours that may go: no sealed hour goes that a lake, where there is one, does not hold.
    private func heldByLake(before cut: Hour, _ warehouse: Warehouse) throws -> Hour {
        let path = warehouse.path
        guard let lake = try LakeManifest.beside(path),
            let oldest = try CoverageLedger(warehouse).span()?.lowerBound, oldest < cut,
            let first = try Retention(warehouse)
                .firstHour(before: cut, notIn: lake.soundHours(in: oldest..<cut, of: path))
        else { return cut }
        Diagnostics.report(
            "retain",
            "\(path): kept from \(first.spoken) on: the lake does not hold that hour as it is, or its files are not what was "
                + "written: run 'make lake'")
        return first
    }

    private func giveBack(_ retention: Retention, at path: String) throws {
        while try !stop.isMade && retention.releaseFreePages(atMost: Self.pagesAStep) > 0 {}
        if try !retention.shortenLog() {
            Diagnostics.report("retain", "\(path): somebody reads it: its log is shortened another time")
        }
    }

    // MARK: - Words

    private var verb: String { isDryRun ? "would remove" : "removed" }
}

/// Raw files that an older transform version loaded and that are removed: one warning for all of them.
private struct Outdated {
    private var files = 0
    private var versions: ClosedRange<Int>?
    private var hours: ClosedRange<Hour>?

    mutating func add(_ hour: Hour, _ version: Int) {
        files += 1
        versions = min(versions?.lowerBound ?? version, version)...max(versions?.upperBound ?? version, version)
        hours = min(hours?.lowerBound ?? hour, hour)...max(hours?.upperBound ?? hour, hour)
    }

    var warning: String? {
        guard let hours, let versions else { return nil }
        let which =
            versions.count == 1
            ? "version \(versions.lowerBound)" : "versions \(versions.lowerBound) to \(versions.upperBound)"
        let (verb, subject) = files == 1 ? ("was", "it") : ("were", "they")
        return "\(Numbers.counted(files, "file")) from \(hours.lowerBound) to \(hours.upperBound) \(verb) loaded by "
            + "transform \(which), the present one is \(transformVersion): without raw \(subject) cannot be made again"
    }
}

import CommandSupport
import Gzip
import JSONReader
import PerpCore
import PipelineFiles
import Reports
import Warehouse

/// What the doctor examines, one part after the other. A part that fails does not keep it from the others.
struct Examination {
    let settings: Settings
    let paths: ArchivePaths
    let warehousePath: String
    let now: Timestamp
    var report: DoctorReport

    init(settings: Settings, paths: ArchivePaths, warehousePath: String, now: Timestamp) {
        self.settings = settings
        self.paths = paths
        self.warehousePath = warehousePath
        self.now = now
        report = DoctorReport(time: now)
    }

    /// Whether the archive holds simulated hours, which are never late.
    var isDemo: Bool { (try? paths.origin()) == .simulated }

    mutating func run() {
        if isDemo {
            report.add(
                "demo", .info, "\(paths.raw) holds simulated hours",
                advice: "give real ones another folder: DATA=")
        }
        lookAtPrograms()
        lookAtSettings()
        lookAtLocks()
        lookAtDisk()
        lookAtBans()
        lookAtRuns()
        let warehouse = openWarehouse()
        lookAtExchanges(warehouse)
        if let warehouse {
            attempt("warehouse") { try $0.lookAtHours(of: warehouse) }
            attempt("streams") { try $0.lookAtStreams(of: warehouse) }
            attempt("history") { try $0.lookAtHoles(of: warehouse) }
            attempt("classes") { try $0.lookAtClasses(of: warehouse) }
            attempt("checks") { try $0.lookAtChecks(of: warehouse) }
            lookAtBackups()
            attempt("alerts") { try $0.lookAtAlerts(of: warehouse) }
        }
        attempt("fields") { try $0.lookAtFields(warehouse) }
    }

    /// The exchanges that the settings ask for.
    var enabled: [Exchange] {
        (try? Exchange.parse(list: settings["EXCHANGES"] ?? "")).flatMap { $0.isEmpty ? nil : $0 }
            ?? Exchange.allCases  // a list that cannot be read is reported with the settings
    }

    /// Runs a part; its error becomes a line of the report.
    mutating func attempt(_ area: String, _ body: (inout Examination) throws -> Void) {
        do {
            try body(&self)
        } catch {
            report.add(area, .error, WarehouseError.explain(error, path: warehousePath))
        }
    }

    // MARK: - Programs

    private mutating func lookAtPrograms() {
        if let swift = Toolchain.version() {
            report.add("programs", .ok, swift)
        } else {
            report.add("programs", .info, "no swift in PATH: needed to build, not to run")
        }
        attempt("programs") { examination in
            let version = try Health.sqliteVersion()
            let libraries =
                "SQLite \(version), simdjson \(JSONParser.libraryVersion), "
                + "libdeflate \(Inflater.libraryVersion)"
            examination.report.add("programs", .ok, libraries)
            let numbers = version.split(separator: ".").compactMap { Int($0) }
            if numbers.lexicographicallyPrecedes([3, 51, 3]) {
                examination.report.add(
                    "programs", .info,
                    "SQLite before 3.51.3 has a bug in its write-ahead log that needs two writers at "
                        + "once; the lock of the warehouse allows one")
            }
        }
    }

    // MARK: - Locks

    private mutating func lookAtLocks() {
        let places = [
            ("\(FileSystem.folder(of: warehousePath))/.lock", "the warehouse"),
            (paths.rawLock(Hour(containing: now)), "this hour's raw files"),
        ]
        for (path, what) in places {
            if let holder = Lock.holder(of: path) {
                report.add("lock", .info, "\(what): held by \(holder)")
            } else {
                report.add("lock", .ok, "\(what): free")
            }
        }
    }

    // MARK: - Disk

    private static let scarceBytes: Int64 = 2 << 30
    private static let criticalBytes: Int64 = 200 << 20

    private mutating func lookAtDisk() {
        let daily = bytesADay()
        for path in [paths.raw, FileSystem.folder(of: warehousePath)] {
            guard let space = DiskSpace(at: path) else {
                report.add("disk", .info, "\(path): does not exist yet")
                continue
            }
            report.measure(
                "perps_disk_free_bytes", Double(space.free), help: "Room on the disk", labels: ["path": path])
            var text = "\(path): \(gigabytes(space.free)) free (\(100 * space.free / max(space.total, 1))%)"
            if path == paths.raw, daily > 0 {
                text += ", raw grows by \(megabytes(daily)) a day: room for \(space.free / daily) days"
            }
            let level = Self.level(free: space.free, total: space.total)
            report.add(
                "disk", level, text,
                advice: level == .ok
                    ? nil : "make room: 'make retain' with fewer RAW_DAYS or STAGED_DAYS, or a larger disk")
        }
    }

    static func level(free: Int64, total: Int64) -> DoctorReport.Level {
        if free < criticalBytes { return .error }
        return free < scarceBytes || free < total / 20 ? .warning : .ok
    }

    /// The bytes of the raw files of the last 24 full hours; 0 without any.
    private func bytesADay() -> Int64 {
        let folders = HourFolders(root: paths.raw)
        return (1...24).reduce(0) { sum, hours in
            let content = try? folders.content(Hour(containing: now).advanced(by: -hours))  // an estimate
            return sum + (content?.bytes ?? 0)
        }
    }

    // MARK: - Warehouse

    private mutating func openWarehouse() -> Warehouse? {
        do {
            let warehouse = try Warehouse(path: warehousePath, for: .reading)
            let size = try warehouse.fileSize()
            report.add("warehouse", .ok, "\(warehousePath): \(megabytes(size)), no migration is pending")
            if let held = try warehouse.origin(), let raw = try paths.origin(), raw != held {
                report.add(
                    "warehouse", .error, "it holds \(held.rawValue) hours, and \(paths.raw) \(raw.rawValue) ones",
                    advice: "give each a folder of its own: DATA=")
            }
            report.measure("perps_warehouse_bytes", Double(size), help: "Size of the database and its log")
            return warehouse
        } catch WarehouseError.missing {
            report.add(
                "warehouse", .error, "there is none at \(warehousePath)",
                advice: "make hourly; the demo's is read with DATA=.demo")
        } catch let error as WarehouseError {
            let advice: String? =
                switch error {
                case .olderSchema: "a migration is pending: make load"
                case .newerSchema: "git pull, then make build: the programs are older than the warehouse"
                default: nil
                }
            report.add("warehouse", .error, error.description, advice: advice)
        } catch {
            // The explanation says what to do about everything but damage, for which there is a choice.
            report.add(
                "warehouse", .error, WarehouseError.explain(error, path: warehousePath),
                advice: WarehouseError.isDamage(error)
                    ? "make restore BACKUP=… keeps the damaged file aside, and so does make reprocess" : nil)
        }
        return nil
    }

}

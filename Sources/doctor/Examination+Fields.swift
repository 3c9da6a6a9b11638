import PerpCore
import PipelineFiles
import Reports
import Warehouse

extension Examination {
    /// How many hours back the newest raw file of an exchange is searched, and changes are shown.
    private static let hoursBack = 24

    /// Compares the fields of each exchange's newest responses with those of the last look, and updates the diary.
    mutating func lookAtFields(_ warehouse: Warehouse?) throws {
        guard let drift = warehouse.map(SchemaDrift.init) else { return }
        var looks: [(exchange: Exchange, hour: Hour, shapes: [String: BodyShape])] = []
        for exchange in enabled {
            guard let hour = newestRaw(of: exchange), try drift.lastLook(at: exchange).map({ $0 < hour }) ?? true
            else { continue }
            attempt("fields") { examination in
                let shapes = try BodyShape.shapes(of: examination.paths.rawFile(exchange, hour))
                looks.append((exchange, hour, shapes))
            }
        }
        if !looks.isEmpty { try keep(looks) }
        let notes = try drift.notes(since: Hour(containing: now).advanced(by: -Self.hoursBack))
        for note in notes {
            report.add(
                "fields", note.change == "appeared" ? .info : .warning,
                "\(note.exchange.displayName) \(note.endpoint): \(note.field) \(Self.words(note)) at \(note.hour.spoken) UTC",
                advice: note.change == "appeared"
                    ? nil : "compare with the exchange's documentation: its reader may need a change")
        }
        report.measure(
            "perps_field_changes", Double(notes.count), help: "Fields that came, went or changed in 24 hours")
        if notes.isEmpty { report.add("fields", .ok, "the exchanges send the fields that they sent before") }
    }

    private mutating func keep(_ looks: [(exchange: Exchange, hour: Hour, shapes: [String: BodyShape])]) throws {
        do {
            let lock = try Lock("\(FileSystem.folder(of: warehousePath))/.lock", purpose: "doctor")
            defer { withExtendedLifetime(lock) {} }
            let writer = try Warehouse(path: warehousePath)
            let drift = SchemaDrift(writer)
            try writer.transaction {
                for look in looks {
                    for (endpoint, shape) in look.shapes {
                        let fields = shape.fields.map { SeenField(path: $0.path, type: $0.type) }
                        try drift.noteShape(Set(fields), of: endpoint, look.exchange, at: look.hour)
                    }
                }
            }
        } catch let error as LockedError {
            report.add("fields", .info, "the diary waits for the next look: \(error.holder) is writing")
        }
    }

    private func newestRaw(of exchange: Exchange) -> Hour? {
        (0...Self.hoursBack).lazy.map { Hour(containing: now).advanced(by: -$0) }
            .first { FileSystem.exists(paths.rawFile(exchange, $0)) }
    }

    private static func words(_ note: DriftNote) -> String {
        switch note.change {
        case "appeared": "appeared (\(note.type))"
        case "vanished": "vanished (was \(note.type))"
        default: "is now \(note.type)"
        }
    }
}

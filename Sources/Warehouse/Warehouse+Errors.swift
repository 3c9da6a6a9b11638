import GRDB

extension Warehouse {
    /// Whether an error says that a staged file is not what it should be, and not that the database failed.
    public static func isDataError(_ error: any Error) -> Bool {
        switch error {
        case WarehouseError.duplicate, WarehouseError.refused: true
        default: false
        }
    }

    /// An error in one line, without the statement that met it.
    public static func explain(_ error: any Error, path: String) -> String {
        guard let error = error as? DatabaseError else { return "\(error)" }
        let message = error.message ?? "error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return
                "\(path): is damaged (\(message)): keep it aside; 'make reprocess' makes a new one from raw"
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return "\(path): another program is writing (\(message))"
        default:
            return "\(path): \(message)"
        }
    }
}

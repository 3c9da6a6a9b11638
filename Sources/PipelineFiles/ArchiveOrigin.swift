import PerpCore

extension ArchivePaths {
    /// The file that marks a folder of raw files as simulated. The demo of earlier versions wrote `.demo` instead.
    private var mark: String { "\(raw)/.simulated" }

    /// The origin of the raw files; `nil` when there are none yet.
    /// - Throws: `FileError` when the folder cannot be listed.
    public func origin() throws -> Origin? {
        if FileSystem.exists(mark) || FileSystem.exists("\(raw)/.demo") { return .simulated }
        let hasAnswers = try FileSystem.names(in: raw).contains { CalendarDay($0) != nil } || !rawHistory().isEmpty
        return hasAnswers ? .real : nil
    }

    /// Declares that raw files of this origin are about to be written. The first hour decides the origin of a folder.
    /// - Throws: `FormatError` when the folder holds hours of the other origin, `FileError` when it cannot be used.
    public func claim(_ origin: Origin) throws {
        switch (try self.origin(), origin) {
        case (.real, .simulated):
            throw FormatError(path: raw, reason: "holds real hours: simulated ones go to a folder of their own (--raw)")
        case (.simulated, .real):
            throw FormatError(
                path: raw,
                reason: "holds simulated hours: real ones go to a folder of their own (DATA=, --raw)")
        case (nil, .simulated): try FileSystem.write(ByteBuffer([]), to: mark)
        default: break
        }
    }
}

import PerpCore

extension ArchivePaths {
    /// Marks a folder of raw files as a simulator's. A folder of an earlier demo has `.demo`.
    private var mark: String { "\(raw)/.simulated" }

    /// Of which origin the raw files are; `nil` where there are none yet.
    public func origin() throws -> Origin? {
        if FileSystem.exists(mark) || FileSystem.exists("\(raw)/.demo") { return .simulated }
        let hasDays = try FileSystem.names(in: raw).contains { CalendarDay($0) != nil }
        return hasDays ? .real : nil
    }

    /// Says that raw files of this origin are about to be written. The first hour decides: a folder that holds the others
    /// is refused.
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

import ArgumentParser
import PerpCore
import PipelineFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads and writes of small files, with errors as the command line reports them.
enum SimulatorFiles {
    static func bytes(_ path: String) throws -> [UInt8] {
        let buffer = ByteBuffer()
        do {
            try FileSystem.read(path, into: buffer)
        } catch {
            throw SimulatorFailure("\(error)")
        }
        return buffer.array
    }

    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    static func write(_ text: String, to path: String) throws {
        do {
            try Array(text.utf8).withUnsafeBufferPointer { try FileSystem.write($0, to: path) }
        } catch {
            throw SimulatorFailure("\(error)")
        }
    }

    /// Adds text to the end of a file.
    static func append(_ text: String, to path: String) throws {
        guard !text.isEmpty else { return }
        guard let file = fopen(path, "a") else { throw SimulatorFailure("cannot open \(path)") }
        let isWritten = fputs(text, file) >= 0
        guard fclose(file) == 0, isWritten else { throw SimulatorFailure("cannot write \(path)") }
    }

    static func names(in folder: String) throws -> [String] {
        do {
            return try FileSystem.names(in: folder)
        } catch {
            throw SimulatorFailure("\(error)")
        }
    }
}

/// A failure of a file or a port, which ends the program with status 74.
struct SimulatorFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

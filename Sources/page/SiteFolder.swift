import Pages
import PerpCore
import PipelineFiles

/// The folder of the pages.
final class SiteFolder {
    /// What was done with the files.
    struct Result: CustomStringConvertible {
        var written = 0
        var unchanged = 0
        var removed = 0

        var description: String { "\(written) written, \(unchanged) unchanged, \(removed) removed" }
    }

    private let path: String

    init(_ path: String) { self.path = path }

    /// The folders of pages: nothing else is looked at, and nothing else removed.
    private static let folders = ["", "coin/", "exchange/"]

    /// What was done so far.
    private(set) var result = Result()
    private var kept: Set<String> = []

    /// Writes a page if it changed.
    func put(_ page: SitePage) throws {
        kept.insert(page.path)
        if try write(page) { result.written += 1 } else { result.unchanged += 1 }
    }

    /// Removes the pages that were not put: of what is gone.
    func removeOthers() throws {
        for folder in Self.folders {
            for name in try FileSystem.names(in: "\(path)/\(folder)")
            where name.hasSuffix(".html") && !name.hasPrefix(".") {
                guard !kept.contains(folder + name) else { continue }
                try FileSystem.remove("\(path)/\(folder)\(name)")
                result.removed += 1
            }
        }
    }

    /// - Returns: whether the file was not there, or had other bytes.
    private func write(_ page: SitePage) throws -> Bool {
        let file = "\(path)/\(page.path)"
        let html = ByteBuffer()
        html.append(contentsOf: page.page.html.utf8)
        if FileSystem.exists(file) {
            let old = ByteBuffer()
            try FileSystem.read(file, into: old)
            if old.withBytes({ old in html.withBytes { $0.elementsEqual(old) } }) { return false }
        }
        try FileSystem.makeFolder(FileSystem.folder(of: file))
        // Nothing is lost with a page: it is made again from the warehouse.
        try FileSystem.write(html, to: file, synced: false)
        return true
    }
}

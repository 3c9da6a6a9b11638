import Charts
import Dispatch
import Pages
import PerpCore
import PipelineFiles
import Synchronization

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
    private static let folders = ["", "coin/", "exchange/", "explain/"]

    /// What was done so far.
    private(set) var result = Result()
    private var kept: Set<String> = []

    /// Makes pages on all processors, and writes those that changed.
    func putAll(_ count: Int, _ page: @Sendable (Int) -> SitePage) throws {
        let outcomes = Mutex<[Swift.Result<(path: String, isNew: Bool), any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: count) { [path] index in
            let outcome = Swift.Result {
                let page = page(index)
                return (path: page.path, isNew: try Self.write(page, in: path))
            }
            outcomes.withLock { $0.append(outcome) }
        }
        for outcome in outcomes.withLock({ $0 }) {
            let (path, isNew) = try outcome.get()
            kept.insert(path)
            if isNew { result.written += 1 } else { result.unchanged += 1 }
        }
    }

    /// The hour of the page at a path; `nil` when there is none.
    var hourOfPage: @Sendable (String) -> Hour? {
        { [path] in
            FileSystem.beginning(of: "\(path)/\($0)", count: Page.beginning)
                .flatMap(Page.instant(ofPageBeginning:)).map(Hour.init(containing:))
        }
    }

    /// Leaves a page as it is, which is of an earlier hour.
    func keep(_ file: String) {
        kept.insert(file)
        result.unchanged += 1
    }

    /// Removes the pages that were neither put nor kept: of what is gone, and those that a killed run had half written. A file
    /// that is no page of ours stays.
    func removeOthers() throws {
        for folder in Self.folders {
            for name in try FileSystem.names(in: "\(path)/\(folder)") where isLeft(name, in: folder) {
                try FileSystem.remove("\(path)/\(folder)\(name)")
                result.removed += 1
            }
        }
    }

    private func isLeft(_ name: String, in folder: String) -> Bool {
        let file = "\(path)/\(folder)\(name)"
        if name.hasPrefix(".") { return name.hasSuffix(".html.tmp") }
        guard name.hasSuffix(".html"), !kept.contains(folder + name) else { return false }
        return FileSystem.beginning(of: file, count: Page.beginning).map(Page.isPage(beginning:)) ?? false
    }

    /// - Returns: whether the file was not there, or had other bytes.
    private static func write(_ page: SitePage, in path: String) throws -> Bool {
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

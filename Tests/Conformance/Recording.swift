import Foundation

/// One recorded body: a row of `MANIFEST.tsv`, and the file that it names.
struct Recording {
    /// `okx/v5-public-instruments.SWAP.json`
    let file: String
    /// The request: `GET https://www.okx.com/api/v5/public/instruments?instType=SWAP`, or `unknown`.
    let request: String
    /// `real`, `documentation example`, `mock`.
    let kind: String
    let body: Data
    /// The rows of `<name>.expected.json`; `nil` when there is no such file.
    let expected: [[String: Any]]?

    /// The folder: `okx`.
    var exchangeFolder: String { String(file.prefix { $0 != "/" }) }

    /// The name without folder, variants and extension: the path that was requested, with `-` for `/`.
    var stem: String { nameParts[0] }
    /// `["SWAP", "2"]` of `v5-public-instruments.SWAP.2.json`.
    var variants: [String] { Array(nameParts.dropFirst().dropLast()) }

    private var nameParts: [String] {
        file.drop { $0 != "/" }.dropFirst().split(separator: ".").map(String.init)
    }

    /// All recordings of a folder, in the order of its manifest.
    static func all(in folder: String) throws -> [Recording] {
        let manifest = try String(contentsOfFile: "\(folder)/MANIFEST.tsv", encoding: .utf8)
        return try manifest.split(separator: "\n").compactMap { line -> Recording? in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count >= 7, cells[0].contains("/"), !cells[0].hasSuffix(".expected.json") else { return nil }
            let path = "\(folder)/\(cells[0])"
            return Recording(
                file: cells[0], request: cells[2], kind: cells[6], body: try Data(contentsOf: URL(filePath: path)),
                expected: try expectedRows(beside: path))
        }
    }

    private static func expectedRows(beside path: String) throws -> [[String: Any]]? {
        guard path.hasSuffix(".json") else { return nil }
        let other = "\(path.dropLast(".json".count)).expected.json"
        guard FileManager.default.fileExists(atPath: other) else { return nil }
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: other)))
        guard let rows = (json as? [String: Any])?["rows"] as? [[String: Any]] else {
            throw ConformanceFailure("\(other): has no list 'rows'")
        }
        return rows
    }
}

/// A reason to stop the run.
struct ConformanceFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

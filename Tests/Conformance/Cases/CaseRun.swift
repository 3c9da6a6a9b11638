import Foundation
import PerpCore
import PipelineFiles

/// The findings of the checks of one case.
struct CaseResult {
    let id: String
    /// A remark for the report; empty when there is none.
    var note = ""
    private(set) var checks: [(name: String, problems: [String])] = []

    init(id: String) { self.id = id }

    mutating func add(_ name: String, _ problems: [String]) { checks.append((name, problems)) }

    var isPassed: Bool { checks.allSatisfy(\.problems.isEmpty) }
}

/// Runs `transform` and `load` over cases from the field, each in a folder of its own.
struct CaseRun {
    let bin: String
    /// The folder in which the folders of the cases are created.
    let work: URL

    /// The results of all cases of a folder, including those that are only descriptions.
    func results(in folder: String) throws -> [CaseResult] {
        let cases = try FieldCase.all(in: folder)
        var results = try cases.map(result)
        results.append(try FocusRequests.result())
        let described = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".json") && $0 != FocusRequests.id + ".json" }
        for name in described.sorted() {
            var result = CaseResult(id: String(name.dropLast(".json".count)))
            result.note = "a description, no expectation"
            results.append(result)
        }
        return results.sorted { $0.id < $1.id }
    }

    private func result(of item: FieldCase) throws -> CaseResult {
        var result = CaseResult(id: item.id)
        let expectation = CaseExpectation.all.first { $0.id == item.id }
        if expectation == nil { result.note = "no expectation" }
        let folder = work.appending(path: item.id)
        let paths = ArchivePaths(raw: folder.appending(path: "raw").path, staged: folder.appending(path: "staged").path)
        let warehouse = folder.appending(path: "warehouse/market_history.db").path
        try FileSystem.makeFolder(FileSystem.folder(of: warehouse))
        for file in item.files {
            let raw = paths.rawFile(file.exchange, file.hour)
            try FileSystem.makeFolder(FileSystem.folder(of: raw))
            try file.write(to: raw)
        }
        try run(item, paths, warehouse, folder, &result)
        guard result.isPassed else { return result }
        let loaded = try LoadedRows(path: warehouse)
        for file in item.files {
            let prefix = file.name.isEmpty ? "" : "\(file.name): "
            let staged = try StagedLines(path: paths.stagedFile(file.exchange, file.hour))
            for check in expectation?.files.first(where: { $0.key == file.name })?.value ?? [] {
                result.add(prefix + check.name, check.problems(staged).map { prefix + $0 })
            }
            let problems = try loaded.problems(file.exchange, file.hour, staged: staged)
            result.add(prefix + "the warehouse has what was staged", problems.map { prefix + $0 })
        }
        for (name, _) in expectation?.files ?? [:] where !item.files.contains(where: { $0.name == name }) {
            result.add(name, ["the case has no file '\(name)'"])
        }
        for question in expectation?.questions ?? [] {
            do {
                result.add(question.sql, question.problems(with: try loaded.rows(question.sql)))
            } catch {
                result.add(question.sql, ["\(error)"])
            }
        }
        return result
    }

    /// Stages and loads the case's files.
    private func run(
        _ item: FieldCase, _ paths: ArchivePaths, _ warehouse: String, _ folder: URL, _ result: inout CaseResult
    ) throws {
        let programs = try Programs(bin: bin, work: folder)
        let raw = item.files.map { paths.rawFile($0.exchange, $0.hour) }
        let staged = item.files.map { paths.stagedFile($0.exchange, $0.hour) }
        let ended = try programs.run("transform", raw + ["--raw", paths.raw, "--staged", paths.staged])
        let missing = staged.filter { !FileSystem.exists($0) }
        result.add(
            "transform ends with 0",
            (ended == 0 ? [] : ["transform ended with \(ended)"]) + missing.map { "there is no \($0)" })
        guard result.isPassed else { return }
        let loading = try programs.run(
            "load", staged + ["--warehouse", warehouse, "--raw", paths.raw, "--staged", paths.staged])
        result.add("load ends with 0", loading == 0 ? [] : ["load ended with \(loading)"])
    }
}

import PerpCore
import SimulatedMarket

/// Serves recorded bodies from a folder, chosen by exchange and request.
struct RecordingReplay: Sendable {
    private let folder: String
    private let recordings: Recordings

    init(folder: String) throws {
        self.folder = folder
        var names: [String: [String]] = [:]
        for exchange in try SimulatorFiles.names(in: folder) where !exchange.contains(".") {
            names[exchange] = try SimulatorFiles.names(in: "\(folder)/\(exchange)")
        }
        guard names.values.contains(where: { !$0.isEmpty }) else {
            throw SimulatorFailure("\(folder): holds no recordings")
        }
        recordings = Recordings(names: names)
    }

    /// The recorded response; one with status 404 when there is none.
    func respond(exchange: String, request: SimulatedRequest) throws -> SimulatedResponse {
        let instrument = Recordings.instrument(of: request)
        let files = recordings.candidates(
            exchange: exchange, path: request.path, query: request.query, body: request.body)
        for file in files {
            let body = try SimulatorFiles.bytes("\(folder)/\(exchange)/\(file)")
            if let instrument,
                !Recordings.body(String(decoding: body, as: UTF8.self), mayBeAbout: instrument)
            {
                continue
            }
            return response(200, body, file: file)
        }
        return response(404, Array("no recording of \(request.path)\n".utf8), file: nil)
    }

    private func response(_ status: Int, _ body: [UInt8], file: String?) -> SimulatedResponse {
        var headers = [(name: "content-type", value: status == 200 ? "application/json" : "text/plain")]
        if let file { headers.append((name: "x-recording", value: file)) }
        return SimulatedResponse(status: status, headers: headers, body: body)
    }
}

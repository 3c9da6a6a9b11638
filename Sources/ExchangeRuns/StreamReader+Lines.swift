import ExchangeAdapters
import JSONReader
import PerpCore
import PipelineFiles

extension StreamReader {
    /// A reader that knows the instruments in responses with an exchange's list; `nil` where the exchange has no stream
    /// without a key.
    public init?(of exchange: Exchange, _ lines: [RawLine]) {
        self.init(of: exchange)
        let parser = JSONParser()
        for line in lines {
            // It has been parsed successfully by `judge`.
            guard let body = line.body, let value = try? parser.parse(ByteBuffer(body)) else { continue }
            read(list: Response(endpoint: line.endpoint, url: line.url, receivedAt: line.receivedAt, body: value))
        }
    }
}

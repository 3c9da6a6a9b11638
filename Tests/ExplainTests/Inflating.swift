import Gzip
import PerpCore

enum Inflating {
    static func inflate(_ stored: ByteBuffer, into text: ByteBuffer) throws {
        try stored.withBytes { try Inflater().inflate($0, into: text) }
    }
}

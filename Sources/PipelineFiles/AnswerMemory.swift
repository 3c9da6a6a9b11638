import JSONReader
import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether an answer is kept, so that the next one to the same request need not be read when it is the same.
public enum AnswerKeeping: Hashable, Sendable {
    /// It is not kept.
    case no
    /// It is kept. The digits of a member with this name may differ: nobody reads the exchange's own time in it.
    case yes(unreadTime: String?)
}

/// The answers that raw files are known to repeat, byte for byte but for a time: lists of instruments, half of all JSON.
final class AnswerMemory {
    /// Shorter lines are read in less time than they are looked up.
    static let shortestLine = 16_384

    private struct Request: Hashable {
        let exchange: String?
        let endpoint: String
        let url: String

        init(_ response: RawResponse) {
            exchange = response.exchange
            endpoint = response.endpoint
            url = response.url
        }
    }

    private struct Answer {
        let number: Int
        /// The body and what is behind it in its line; empty before an answer is kept.
        let text = ByteBuffer(capacity: 0)
        var unreadTime: [UInt8]?
    }

    private var answers: [Request: Answer] = [:]

    /// The number of the answer to the request of a response, the same for each of them.
    func number(of response: RawResponse) -> Int {
        let request = Request(response)
        if let answer = answers[request] { return answer.number }
        let number = answers.count
        answers[request] = Answer(number: number)
        return number
    }

    /// Keeps the body of a line, whose text is from `body` on.
    func keep(_ text: UnsafeBufferPointer<UInt8>, of response: RawResponse, unreadTime: String?) {
        guard var answer = answers[Request(response)] else { return }
        answer.unreadTime = unreadTime.map { Array($0.utf8) }
        answer.text.removeAll()
        answer.text.append(text)
        answers[Request(response)] = answer
    }

    /// The number of the kept answer to the request of a response, if `text`, the body and what is behind it, repeats it.
    func number(of response: RawResponse, repeating text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard response.requestBody == nil, let answer = answers[Request(response)],
            Self.isRepetition(text, of: answer.text.bytes, unreadTime: answer.unreadTime)
        else { return nil }
        return answer.number
    }

    /// Whether two texts differ at most in the digits of the members with a name.
    static func isRepetition(
        _ text: UnsafeBufferPointer<UInt8>, of kept: UnsafeBufferPointer<UInt8>, unreadTime: [UInt8]?
    ) -> Bool {
        guard text.count == kept.count else { return false }
        var index = 0
        while let difference = firstDifference(text, kept, from: index) {
            guard let name = unreadTime, let end = endOfTime(text, kept, at: difference, named: name) else {
                return false
            }
            index = end
        }
        return true
    }

    private static func firstDifference(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        guard let one = left.baseAddress, let other = right.baseAddress else { return nil }
        var index = start
        var stretch = 65_536
        // By ever shorter stretches that are equal, until the byte is found.
        while index < left.count {
            let count = min(stretch, left.count - index)
            if memcmp(one + index, other + index, count) == 0 {
                index += count
            } else if count == 1 {
                return index
            } else {
                stretch = max(1, count / 16)
            }
        }
        return nil
    }

    /// The end of the whole number in which two texts differ, if it is the value of a member with the name.
    private static func endOfTime(
        _ text: UnsafeBufferPointer<UInt8>, _ kept: UnsafeBufferPointer<UInt8>, at difference: Int, named name: [UInt8]
    ) -> Int? {
        var start = difference
        while start > 0, isDigit(kept[start - 1]) { start -= 1 }
        var end = difference
        while end < kept.count, isDigit(kept[end]), isDigit(text[end]) { end += 1 }
        // A number of fewer than 19 digits that does not begin with a zero is JSON whatever its digits are.
        guard start < end, end < kept.count, end - start < 19, text[start] != UInt8(ascii: "0"), isEnd(kept[end]),
            isValue(at: start, of: name, in: kept)
        else { return nil }
        return end
    }

    private static func isValue(at start: Int, of name: [UInt8], in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let key = [UInt8(ascii: "\"")] + name + [UInt8(ascii: "\""), UInt8(ascii: ":")]
        let isQuoted = start > 0 && text[start - 1] == UInt8(ascii: "\"")
        let end = isQuoted ? start - 1 : start
        return end >= key.count && text[end - key.count..<end].elementsEqual(key)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Whether a byte ends a number, or the text that is one.
    private static func isEnd(_ byte: UInt8) -> Bool {
        [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "\"")].contains(byte)
    }
}

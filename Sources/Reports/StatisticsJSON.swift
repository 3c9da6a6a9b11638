import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Statistics {
    /// The statistics as JSON, with the labels of the text in snake_case as keys; what is unknown is left out.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String {
        try JSONText.pretty(self, snakeCase: true)
    }
}

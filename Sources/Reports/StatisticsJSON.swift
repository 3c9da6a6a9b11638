import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Statistics {
    /// The same figures for programs, with the labels of the text as keys; what is unknown is left out.
    public func json() throws -> String {
        try JSONText.pretty(self, snakeCase: true)
    }
}

import PerpCore

/// A name within a page or of a page's file, made from any text: letters, digits, `-` and `_` only.
///
/// Two texts have two anchors: what is no letter, digit or `-` becomes `_` with its code in hexadecimal and another `_`. A text
/// that would be longer than 80 characters ends in a number that is made from all of it.
public struct Anchor: Hashable, Sendable, CustomStringConvertible {
    /// The name, not empty.
    public let description: String

    /// The anchor of a text: `BTC` is `BTC`, `stock:TSLA` is `stock_3a_TSLA`, an empty text is `_`.
    public init(_ text: String) {
        var name = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII, scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-" {
                name.unicodeScalars.append(scalar)
            } else {
                name += "_\(String(scalar.value, radix: 16))_"
            }
        }
        if name.utf8.count > 80 { name = "\(name.prefix(60))__\(String(Fingerprint(text).value, radix: 16))" }
        description = name.isEmpty ? "_" : name
    }

    /// The anchor with a number: no text has the same one.
    init(distinguishing anchor: Anchor, _ number: Int) { description = "\(anchor).\(number)" }

    /// The id of a part of what has this anchor. The dot is in no anchor of a text.
    func part(_ name: StaticString) -> String { "\(description).\(name)" }
}

/// The way to another page of the site, or to a part of it. It is made of anchors, so it stays within the site.
public struct PageLink: Hashable, Sendable {
    /// The address relative to the page that links.
    public let address: String

    /// - Parameters:
    ///   - folders: from the linking page's folder; none for a page beside it.
    ///   - up: how many folders up the way begins.
    ///   - page: the page's file without `.html`; `nil` for a part of the same page.
    ///   - part: the anchor of a figure; `nil` for the page's start.
    public init(folders: [Anchor] = [], up: Int = 0, page: Anchor?, part: Anchor? = nil) {
        var address = ""
        if let page {
            // Without the dot a name such as `a:b` could be read as the scheme of an address.
            address = up == 0 ? "./" : String(repeating: "../", count: up)
            for folder in folders { address += "\(folder)/" }
            address += "\(page).html"
        }
        if let part { address += "#\(part)" }
        self.address = address.isEmpty ? "#" : address
    }
}

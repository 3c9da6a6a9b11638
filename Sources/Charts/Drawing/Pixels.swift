/// Coordinates of a drawing, with one decimal at most: a page has tens of thousands of them.
enum Pixels {
    /// `12.5`, `12`, `-0.3`.
    static func text(_ value: Double) -> String { text(tenths: tenths(value)) }

    static func tenths(_ value: Double) -> Int { Int((value * 10).rounded()) }

    static func text(tenths: Int) -> String {
        var bytes: [UInt8] = []
        write(tenths, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ tenths: Int, to bytes: inout [UInt8]) {
        if tenths < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, fraction) = (tenths.magnitude / 10, UInt8(tenths.magnitude % 10))
        var divisor: UInt = 1
        while whole / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(whole / divisor % 10))
            divisor /= 10
        }
        if fraction > 0 { bytes += [UInt8(ascii: "."), UInt8(ascii: "0") + fraction] }
    }
}

/// The outline of a path, in steps from point to point. They are steps between rounded points, so that roundings do not add up.
struct Outline {
    private var bytes: [UInt8] = []
    private var last = (x: 0, y: 0)

    var isEmpty: Bool { bytes.isEmpty }

    /// The outline as SVG has it.
    var source: String { String(decoding: bytes, as: UTF8.self) }

    private mutating func put(_ command: Unicode.Scalar, _ tenths: Int) {
        bytes.append(UInt8(ascii: command))
        Pixels.write(tenths, to: &bytes)
    }

    /// A number behind another one: a minus is space enough.
    private mutating func put(_ tenths: Int) {
        if tenths >= 0 { bytes.append(UInt8(ascii: " ")) }
        Pixels.write(tenths, to: &bytes)
    }

    mutating func move(_ x: Double, _ y: Double) {
        last = (Pixels.tenths(x), Pixels.tenths(y))
        put("M", last.x)
        put(" ", last.y)
    }

    mutating func line(_ x: Double, _ y: Double) {
        let next = (x: Pixels.tenths(x), y: Pixels.tenths(y))
        put("l", next.x - last.x)
        put(next.y - last.y)
        last = next
    }

    mutating func close() { bytes.append(UInt8(ascii: "z")) }

    /// A box as a closed piece of the outline.
    mutating func box(_ box: Box) {
        let (left, top) = (Pixels.tenths(box.left), Pixels.tenths(box.top))
        let (width, height) = (Pixels.tenths(box.right) - left, Pixels.tenths(box.bottom) - top)
        put("M", left)
        put(" ", top)
        put("h", width)
        put("v", height)
        put("h", -width)
        close()
    }

    /// A line through points.
    static func through(_ points: [(x: Double, y: Double)]) -> Outline {
        var outline = Outline()
        for (index, point) in points.enumerated() {
            if index == 0 { outline.move(point.x, point.y) } else { outline.line(point.x, point.y) }
        }
        return outline
    }
}

/// A rectangle of a drawing; y grows downwards.
struct Box: Hashable, Sendable {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }

    /// The height at which a share of an axis stands: 0 at the bottom.
    func y(_ share: Double) -> Double { bottom - share * height }
    /// The place at which a share of an axis stands: 0 at the left.
    func x(_ share: Double) -> Double { left + share * width }

    /// The part between two shares of the width.
    func columns(_ from: Double, _ to: Double) -> Box {
        Box(left: x(from), top: top, width: (to - from) * width, height: height)
    }
}

/// Shapes and texts that all charts use. Colors and fonts are classes of the style sheet.
enum Shape {
    static func path(_ style: String, _ outline: Outline) -> Markup {
        outline.isEmpty ? .empty : .element("path", ["class": style, "d": outline.source])
    }

    static func box(_ style: String, _ box: Box) -> Markup {
        .element(
            "rect",
            [
                "class": style, "x": Pixels.text(box.left), "y": Pixels.text(box.top),
                "width": Pixels.text(max(0, box.width)), "height": Pixels.text(max(0, box.height)),
            ])
    }

    static func line(_ style: String, _ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) -> Markup {
        .element(
            "line",
            [
                "class": style, "x1": Pixels.text(from.x), "y1": Pixels.text(from.y), "x2": Pixels.text(to.x),
                "y2": Pixels.text(to.y),
            ])
    }

    static func dot(_ style: String, _ x: Double, _ y: Double, radius: Double) -> Markup {
        .element(
            "circle", ["class": style, "cx": Pixels.text(x), "cy": Pixels.text(y), "r": Pixels.text(radius)])
    }

    /// Text with its base line at `y`.
    /// - Parameter style: classes: `e` ends at `x`, `m` has its middle there; `q` is muted, `b` is bold.
    static func text(_ x: Double, _ y: Double, _ style: String? = nil, _ content: Markup) -> Markup {
        .element("text", ["class": style, "x": Pixels.text(x), "y": Pixels.text(y)], content)
    }

    static func text(_ x: Double, _ y: Double, _ style: String? = nil, _ content: String) -> Markup {
        text(x, y, style, .text(content))
    }
}

/// What a drawing can say of a text without measuring it.
enum Label {
    /// About how wide a text is, in pixels of the drawing.
    static func width(_ text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 6.6 : 12.5) }
    }

    /// The text where it is not wider than its place in a wide font, otherwise its beginning and `…`.
    static func cut(_ text: String, width: Double) -> String {
        var (kept, used, beginning) = ("", 0.0, "")
        for character in cut(text, 80) {
            used += character.unicodeScalars.reduce(0) { $0 + widest($1) }
            if used > width { return beginning + "…" }
            kept.append(character)
            if used + widest("…") <= width { beginning = kept }
        }
        return kept
    }

    /// About how wide a character is in the widest of usual fonts.
    private static func widest(_ scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "W", "@", "%": 12.0
        case "M", "m", "w", "<", ">", "=", "+", "~", "&": 10.5
        case "i", "l", "j", "I", "'", ".", ",", ":", ";", "|", "!", "(", ")", "/", " ", "t", "f", "r": 5
        case "A"..."Z": 8.4
        case _ where scalar.value < 0x1100: 7.7
        default: 12.5
        }
    }

    /// The text with at most so many characters; of a longer one the beginning and `…`.
    static func cut(_ text: String, _ limit: Int) -> String {
        // A character may carry any number of marks: scalars are counted too.
        var (kept, scalars) = ("", 0)
        for (index, character) in text.enumerated() {
            scalars += character.unicodeScalars.count
            if index == limit || scalars > limit * 3 { return String(kept.dropLast()) + "…" }
            kept.append(character)
        }
        return kept
    }
}

extension Collection where Element == Bool, Index == Int {
    /// The spans of neighboring `true`.
    var runs: [Range<Int>] {
        var (runs, start): ([Range<Int>], Int?) = ([], nil)
        for index in indices {
            if self[index], start == nil { start = index }
            if !self[index], let begun = start {
                runs.append(begun..<index)
                start = nil
            }
        }
        if let start { runs.append(start..<endIndex) }
        return runs
    }
}

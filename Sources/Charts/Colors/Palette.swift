/// The colors of a scheme, light or dark. They reach charts as variables of the style sheet, so that the reader's system
/// decides.
///
/// Series are told apart by people who see no red or no green, and by dashes; diverging steps go from blue to orange over
/// gray, and carry their sign as text. Source of the series' hues: Okabe and Ito, https://jfly.uni-koeln.de/color/
struct Palette: Sendable {
    /// Behind the page, and behind figures and tables' heads.
    let background: Color
    let surface: Color
    /// Text, and text that stands back.
    let ink: Color
    let muted: Color
    /// Lines of axes and borders; they carry no meaning.
    let grid: Color
    /// Links, the focus, what is chosen.
    let accent: Color
    /// Strokes of the hatch that means: not known.
    let hatch: Color
    /// Series 1 to 8.
    let series: [Color]
    /// Steps -4 to 4.
    let steps: [Color]

    static let light = Palette(
        background: Color(0xFFFFFF), surface: Color(0xF4F6F8), ink: Color(0x14181D), muted: Color(0x525C66),
        grid: Color(0xD5DAE0), accent: Color(0x0B57B0), hatch: Color(0x8A939C),
        series: [0x0072B2, 0xC2500A, 0x00805F, 0x9C4A85, 0x2F8FC4, 0x7A6400, 0x5A6068, 0xA3293D].map(Color.init),
        steps: [0x1B5E9E, 0x5B9BCB, 0x9CC6E2, 0xD3E5F2, 0xF0F0F0, 0xFBE3CB, 0xF8BD84, 0xEC8B3D, 0xB04A08].map(
            Color.init))

    static let dark = Palette(
        background: Color(0x12161B), surface: Color(0x1B2128), ink: Color(0xE8ECF0), muted: Color(0xA4AEB8),
        grid: Color(0x38424C), accent: Color(0x7DB8F5), hatch: Color(0x6F7A85),
        series: [0x56B4E9, 0xFF9255, 0x2FC499, 0xDE94C8, 0x8FD0F5, 0xE8D44D, 0xB4BCC4, 0xF5788A].map(Color.init),
        steps: [0x76B7E8, 0x3F87BD, 0x2A5C85, 0x23404F, 0x2A3037, 0x4A3520, 0x7A4A1C, 0xBA6A1E, 0xF5A04C].map(
            Color.init))

    /// The variables of the style sheet, with their values.
    var variables: [(name: String, color: Color)] {
        [
            ("background", background), ("surface", surface), ("ink", ink), ("muted", muted), ("grid", grid),
            ("accent", accent), ("hatch", hatch),
        ] + series.enumerated().map { ("s\($0 + 1)", $1) } + steps.enumerated().map { ("d\($0)", $1) }
            + steps.enumerated().map { ("k\($0)", $1.ink) }
    }

    /// The variables as declarations.
    var declarations: String { variables.map { "--\($0.name):\($0.color);" }.joined() }

    /// The number of the step, 0 to 8, of a value on a scale from `-limit` to `limit`; 4 is the middle, where the value is less
    /// than an eighth of the limit.
    static func step(of value: Double, limit: Double) -> Int {
        guard limit > 0, value.isFinite else { return 4 }
        let share = value / limit
        let size = share.magnitude
        let distance = size < 0.125 ? 0 : size < 0.375 ? 1 : size < 0.625 ? 2 : size < 0.875 ? 3 : 4
        return share < 0 ? 4 - distance : 4 + distance
    }
}

import JSONReader
import PerpCore

/// A field of an exchange's responses, and a JSON type that it was seen with.
public struct ShapeField: Hashable, Sendable, Comparable {
    /// The path, `result.list[].symbol`; `*` stands for the names of an object that is a table by symbol.
    public let path: String
    /// The JSON type: `object`, `array`, `string`, `number`, `boolean` or `null`.
    public let type: String

    /// Creates a field that was seen with a type.
    public init(path: String, type: String) {
        self.path = path
        self.type = type
    }

    /// By path, then by type.
    public static func < (left: ShapeField, right: ShapeField) -> Bool {
        (left.path, left.type) < (right.path, right.type)
    }
}

/// The fields of an exchange's responses, without their values.
public struct BodyShape: Hashable, Sendable {
    /// The fields with their types; a field with two types is there twice.
    public private(set) var fields: Set<ShapeField> = []

    /// The most fields that are kept. No exchange comes near; more is an attack, or a table by symbol in a new form.
    private static let mostFields = 1000
    private static let longestName = 64

    /// A shape without fields.
    public init() {}

    /// Adds the fields of a response's body.
    public mutating func add(_ body: JSONValue) { add(body, at: "") }

    private mutating func add(_ value: JSONValue, at path: String) {
        guard fields.count < Self.mostFields else { return }
        if !path.isEmpty { fields.insert(ShapeField(path: path, type: value.typeName)) }
        if let array = value.array {
            for element in array { add(element, at: path + "[]") }
        } else if let object = value.object {
            let members = Array(object)
            // Objects by name: the names are symbols, not fields.
            let isTable = members.count > 3 && members.allSatisfy { $0.value.object != nil }
            for (name, value) in members {
                let name = isTable ? "*" : String(name.prefix(Self.longestName))
                add(value, at: path.isEmpty ? name : "\(path).\(name)")
            }
        }
    }
}

extension BodyShape {
    /// The shapes of all successful responses in a raw file, by endpoint.
    /// - Throws: `FileError` when the file cannot be read, `FormatError` when it is not gzip or has no raw line.
    public static func shapes(of path: String) throws -> [String: BodyShape] {
        let reader = RawReader()
        try reader.open(path)
        var shapes: [String: BodyShape] = [:]
        try reader.readLines(
            handle: { line in
                guard case .response(let response) = line, response.status == 200, let body = response.body else {
                    return
                }
                shapes[response.endpoint, default: BodyShape()].add(body)
            }, refuse: { _, _, _ in })
        return shapes
    }
}

extension JSONValue {
    fileprivate var typeName: String {
        if isNull { return "null" }
        if object != nil { return "object" }
        if array != nil { return "array" }
        if utf8 != nil { return "string" }
        return bool != nil ? "boolean" : "number"
    }
}

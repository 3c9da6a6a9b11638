/// The program `explain`. All of it is in this module, so that `page` explains in the same words.
package enum ExplainProgram {
    /// Runs it with the arguments of the process.
    package static func main() { Explain.main() }
}

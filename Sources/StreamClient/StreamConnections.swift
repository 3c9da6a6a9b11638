import ExchangeAdapters
import Synchronization

/// Keeps the connections of an exchange's stream up, as a list that changes says which.
///
/// A connection that stays in the list is left alone. One that leaves it, or hears other symbols from then on, is closed when
/// all connections of the list are subscribed, so that nothing goes unheard in between.
public struct StreamConnections: Sendable {
    private let numbers = ConnectionNumbers()
    private let session: @Sendable (StreamConnection) -> StreamSession

    /// Connections that are not open yet.
    /// - Parameter session: makes the session of a connection.
    public init(session: @escaping @Sendable (StreamConnection) -> StreamSession) { self.session = session }

    private enum Step: Sendable {
        case list([StreamConnection])
        case subscribed(StreamConnection)
    }

    /// A session that runs until it is ended.
    private struct Running {
        let end: @Sendable () -> Void
        var isSubscribed = false
    }

    /// Keeps up what the last list names, until the task is cancelled, which closes everything.
    public func run(_ lists: AsyncStream<[StreamConnection]>) async {
        let (steps, next) = AsyncStream.makeStream(of: Step.self)
        await withDiscardingTaskGroup { group in
            group.addTask { for await list in lists { next.yield(.list(list)) } }
            var wanted: [StreamConnection] = []
            var running: [StreamConnection: Running] = [:]
            for await step in steps {
                switch step {
                case .list(let connections):
                    wanted = connections
                    for connection in connections where running[connection] == nil {
                        let (ended, end) = AsyncStream.makeStream(of: Void.self)
                        running[connection] = Running { end.finish() }
                        group.addTask {
                            await keepUp(connection, until: ended) { next.yield(.subscribed(connection)) }
                        }
                    }
                case .subscribed(let connection): running[connection]?.isSubscribed = true
                }
                guard wanted.allSatisfy({ running[$0]?.isSubscribed == true }) else { continue }
                for (connection, session) in running where !wanted.contains(connection) {
                    session.end()
                    running[connection] = nil
                }
            }
            group.cancelAll()
        }
    }

    private func keepUp(
        _ connection: StreamConnection, until ended: AsyncStream<Void>, subscribed: @escaping @Sendable () -> Void
    ) async {
        let replacement = Replacement()
        await withDiscardingTaskGroup { group in
            group.addTask {
                await session(connection).run(
                    numbers: numbers, isReplaced: { replacement.isMade }, subscribed: subscribed)
            }
            for await _ in ended {}
            // When the recorder ends, all tasks are cancelled, this one too.
            if !Task.isCancelled { replacement.make() }
            group.cancelAll()
        }
    }
}

/// Whether other connections took over.
private final class Replacement: Sendable {
    private let state = Mutex(false)

    var isMade: Bool { state.withLock { $0 } }
    func make() { state.withLock { $0 = true } }
}

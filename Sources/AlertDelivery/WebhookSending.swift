import CommandSupport
import Notifiers
import PerpCore
import Transport

extension Settings {
    /// The receiver of alerts; `nil` when none is set.
    /// - Throws: an error of usage when the setting is no webhook's address.
    package func webhook() throws -> WebhookURL? {
        try self["DISCORD_WEBHOOK_URL"].map { text in try asUsage { try WebhookURL(text) } }
    }

    /// How alerts are sent: through the proxy of the settings, with small responses only.
    /// - Throws: an error of usage when a setting is no proxy.
    package func webhookTransport() throws -> TransportSettings {
        var result = TransportSettings()
        result.mostWireBytes = 1 << 20
        result.proxy = try asUsage { try ProxySettings(settings: { self[$0] }) }
        return result
    }
}

extension DiscordSender {
    /// A sender for the length of a run.
    package init(_ url: WebhookURL, _ transport: HTTPTransport) { self.init(url, post: transport.webhookPost) }
}

extension HTTPTransport {
    /// Posts a webhook's body once.
    package var webhookPost: DiscordSender.Post {
        { url, body in
            let reply = try await self.send(Call(method: "POST", url: url, body: body, limit: "webhook"))
            let headers = reply.headers.fields.map { ($0.name, $0.value) }
            return WebhookResponse(
                status: reply.status, headers: Dictionary(headers) { first, _ in first },
                body: reply.status == 0 ? reply.error ?? "" : String(decoding: reply.body, as: UTF8.self))
        }
    }
}

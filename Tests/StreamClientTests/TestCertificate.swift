import NIOSSL

/// A self-signed certificate for `localhost` and `exchange.invalid`, valid from 2020 to 2099, and its key. Nothing but these
/// tests trusts it.
enum TestCertificate {
    static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIBoDCCAUagAwIBAgIBAjAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1sb29wYmFj
        ayB0ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIwOTkxMjMxMDAwMDAwWjAYMRYwFAYD
        VQQDDA1sb29wYmFjayB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAExX9V
        H1Bx2J5/wSoBP3oWdXbR7HwzCs04JSeOJ7/ZoIcpuSKu+NQ5PH+0hJDyevyj13ks
        7dJ3HnxF5JmRv87KcaN/MH0wJgYDVR0RBB8wHYIJbG9jYWxob3N0ghBleGNoYW5n
        ZS5pbnZhbGlkMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgKEMBMGA1Ud
        JQQMMAoGCCsGAQUFBwMBMB0GA1UdDgQWBBSP0ZQIliwHOwUOC6Nvr3+n2dooczAK
        BggqhkjOPQQDAgNIADBFAiEA5wmJqRoEvlRvOooYX0gnLnTcWFVA2SwcE6xIJwV4
        YuICIGx+JUA3KLQ3M2XQFhMTzeS+8k7uxmAh8adsWwTAB9VQ
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwUsgIB2VVMsABuqZ
        MqsTdqX9rHfu70pNb6I5au3+b3KhRANCAATFf1UfUHHYnn/BKgE/ehZ1dtHsfDMK
        zTglJ44nv9mghym5Iq741Dk8f7SEkPJ6/KPXeSzt0ncefEXkmZG/zspx
        -----END PRIVATE KEY-----
        """

    /// What a server with this certificate says of itself.
    static func server() throws -> NIOSSLContext {
        let certificate = try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
    }
}

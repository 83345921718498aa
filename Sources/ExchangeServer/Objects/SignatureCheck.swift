import ExchangeModel
import LibCrypto
import NIOCore

/// Whether data fits the signature that came with it. This proves that the upload is whole, not that it may be trusted: the key came
/// the same way. Source: contract 2.2, 2.4.
enum SignatureCheck {
    /// Blocks; SHA-1 is rare, so its digest is not made on the way in and the file is read once more.
    /// - Parameter path: Where the bytes lie.
    /// - Returns: false also for an unknown hash, and for a key that is none.
    static func fits(_ signature: ObjectSignature, _ upload: FinishedUpload, path: String) throws -> Bool {
        guard let der = Base64.decode(signature.publicKey), let bytes = Base64.decode(signature.signature),
            let key = try? RSAPublicKey.read(der: der)
        else { return false }
        switch signature.hashAlgorithm {
        case "SHA256": return key.isRight(bytes, overSHA256: upload.sha256)
        case "SHA1": return key.isRight(bytes, overSHA1: try sha1(of: path, count: upload.bytes))
        default: return false
        }
    }

    private static func sha1(of path: String, count: Int64) throws -> [UInt8] {
        guard let reader = try ObjectReader(path: path) else { throw FileFailure("open the file", path) }
        let digest = SHA1()
        var offset: Int64 = 0
        while offset < count {
            let chunk = try reader.read(at: offset, count: Int(min(count - offset, Int64(ObjectReader.chunkBytes))))
            if chunk.readableBytes == 0 { throw FileFailure("read all of the file", path) }
            chunk.withUnsafeReadableBytes { digest.update($0) }
            offset += Int64(chunk.readableBytes)
        }
        guard let result = digest.current() else { throw CryptoError("the SHA-1 of the upload could not be made") }
        return result
    }
}

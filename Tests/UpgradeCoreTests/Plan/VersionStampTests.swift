import Testing
import UpgradeCore
import UpgradeModel

@Suite struct VersionStampTests {
    @Test func stampingAgainReplacesTheStamp() throws {
        let text = "A=1\r\n\n\r\nexport HZN_CONFIG_VERSION=0.1\nB=2"
        let once = VersionStampRule.configuration(Array(text.utf8), version: "1.0")
        #expect(String(decoding: once, as: UTF8.self) == "A=1\nB=2\nHZN_CONFIG_VERSION=1.0\n")
        let twice = VersionStampRule.configuration(once, version: "2.0")
        #expect(String(decoding: twice, as: UTF8.self) == "A=1\nB=2\nHZN_CONFIG_VERSION=2.0\n")
    }

    @Test func bytesThatAreNoTextSurvive() throws {
        let bytes: [UInt8] = [0xFF, 0x00, 0x0A, 0xC3]
        let stamped = VersionStampRule.certificate(bytes, version: "1")
        #expect(stamped == Array("-----OpenHorizon Version 1-----\n".utf8) + [0xFF, 0x00, 0x0A, 0xC3, 0x0A])
    }
}

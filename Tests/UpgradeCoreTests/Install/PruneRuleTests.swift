import Testing
import UpgradeCore

@Suite struct PruneRuleTests {
    private func surplus(
        _ numbers: [Int], needed: Set<Int> = [9], kept: Int = 2, bytesMax: Int64 = 1000, sizes: [Int: Int64] = [:], broken: Set<Int> = []
    ) -> [Int] {
        let releases = numbers.map { PruneRule.Release(number: $0, bytes: sizes[$0] ?? 100, isWhole: !broken.contains($0)) }
        return PruneRule.surplus(releases, needed: needed, kept: kept, bytesMax: bytesMax)
    }

    @Test func theNewestStay() {
        #expect(surplus([9, 1, 4, 7, 3]) == [1, 3])
        #expect(surplus([9, 7, 4]) == [])
        #expect(surplus([9]) == [])
        #expect(surplus([1, 2, 9], kept: 0) == [1, 2])
    }

    @Test func bytesCountBesideTheNumber() {
        #expect(surplus([9, 1, 4, 7], kept: 5, bytesMax: 200) == [1])
        #expect(surplus([9, 1, 4, 7], kept: 5, bytesMax: 199) == [1, 4])
        #expect(surplus([9, 1, 4, 7], kept: 5, bytesMax: 0) == [1, 4, 7])
        #expect(surplus([9, 1, 4], kept: 5, bytesMax: 150, sizes: [4: 200]) == [1, 4])
        #expect(surplus([9, 1, 4], kept: 5, sizes: [4: .max, 1: .max]) == [1, 4])
    }

    @Test func whatIsNeededStaysWhateverTheLimits() {
        #expect(surplus([2, 5, 9], needed: [2, 5], kept: 0, bytesMax: 0) == [9])
        #expect(surplus([2, 5], needed: [2, 5], kept: 0, bytesMax: 0, broken: [2]) == [])
        #expect(surplus([9, 4], kept: 1, bytesMax: 100, sizes: [9: 5000]) == [])
    }

    @Test func halfAReleaseGoesAndTakesNoPlace() {
        #expect(surplus([9, 8, 7, 4], kept: 2, bytesMax: 200, broken: [8]) == [8])
    }
}

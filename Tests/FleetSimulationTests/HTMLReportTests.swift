import FleetSimulation
import Testing
import UpgradeModel

/// The page that people look at.
@Suite struct HTMLReportTests {
    /// Everything that a run tells is on it: pictures, reasons, and what happened on nodes that went back.
    @Test func aRunIsShown() throws {
        var scenario = Fleets.upgrade(.unhealthy)
        scenario.builds[0].sickShare = 0.5
        let verdict = try FleetRun(scenario, seed: 3).run()
        let page = HTMLReport([verdict]).text
        for part in [
            verdict.traceHash, "Versions that run", "Statuses of policy p", "rollback successful", "Requests at the hub", "Most nodes down",
            "What happened on edge-", "<polygon",
        ] {
            #expect(page.contains(part), "the page does not hold \(part)")
        }
        #expect(!page.contains("<script") && !page.contains("http:") && !page.contains("https:"), "the page needs more than itself")
    }

    /// The last sample is the end that the figures tell.
    @Test func theLastSampleIsTheEnd() throws {
        let verdict = try FleetRun(Fleets.upgrade(), seed: 3).run()
        let last = try #require(verdict.chronicle.samples.last)
        #expect(last.versions == ["1.1.0": 6])
        #expect(last.statuses == ["p": [.successful: 6]])
        #expect(verdict.chronicle.samples.reduce(0) { $0 + $1.requests } == verdict.figures.requests)
        #expect(verdict.chronicle.samples.map(\.down).max() == verdict.figures.mostDown)
    }

    /// Whatever a node calls itself, and whatever a reason says, it is read and not obeyed.
    @Test func hostileNamesAreShownAsTheyAre() throws {
        var scenario = Fleets.upgrade(.unhealthy)
        scenario.name = "<script>alert('1')</script>"
        scenario.fleet[0].name = "\"><img src=x onerror=alert(1)>\u{1B}[2J"
        let page = HTMLReport([try FleetRun(scenario, seed: 3).run()]).text
        #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("\u{1B}"))
        #expect(page.contains("&lt;img src=x onerror=alert(1)&gt;"))
    }
}

import ArgumentParser

/// A command that does something, as opposed to a group of commands.
protocol LeafCommand: ParsableCommand {
    /// Does it, or says why not.
    func run(in world: CommandWorld) throws(CommandError)
}

/// Parses and runs one command line.
package enum CommandRunner {
    /// The exit code; everything else went through the world.
    package static func run(_ arguments: [String], in world: CommandWorld) -> Int32 {
        do {
            var command = try UpliftCommand.parseAsRoot(arguments)
            if let leaf = command as? any LeafCommand {
                try leaf.run(in: world)
            } else {
                try command.run()
            }
            return 0
        } catch let error as CommandError {
            world.writeError("Error: \(error.text)\n")
            return error.status.rawValue
        } catch {
            return explain(error, in: world)
        }
    }

    /// Help and version are answers; the parser's other words are mistakes of usage, which are 1 here and not 64. Source: contract 6.1.
    private static func explain(_ error: any Error, in world: CommandWorld) -> Int32 {
        let text = UpliftCommand.fullMessage(for: error)
        if UpliftCommand.exitCode(for: error).isSuccess {
            world.say(text)
            return 0
        }
        world.writeError(text + "\n")
        return ExitStatus.usage.rawValue
    }
}

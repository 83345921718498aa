"""Turns what `PROGRAM --experimental-dump-help` prints into one man page: manpages.py DUMP.json SECTION DATE SOURCE [MORE.roff]

Every command has a section of its own; MORE.roff, made by hand, comes behind them.
"""

import json
import re
import sys

SPECIAL = {"\\": r"\(rs", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}


def text(plain):
    """Running text as roff; no character of it means anything to roff, wherever it stands."""
    escaped = "".join(SPECIAL.get(c, c) for c in plain)
    return r"\&" + escaped if escaped.startswith(".") else escaped


def bold(plain):
    return r"\fB" + text(plain) + r"\fR"


def italic(plain):
    return r"\fI" + text(plain) + r"\fR"


def prose(plain):
    """Paragraphs; lines that are indented stay lines."""
    lines, verbatim = [], False
    for line in plain.strip("\n").split("\n"):
        indented = line.startswith(" ")
        if indented and not verbatim:
            lines += [".RS 4", ".nf"]
        elif verbatim and not indented:
            lines += [".fi", ".RE"]
        verbatim = indented
        if not line.strip():
            lines.append(".PP")
        else:
            lines.append(text(line[2:] if line.startswith("  ") else line.strip()))
    if verbatim:
        lines += [".fi", ".RE"]
    # A paragraph that nothing follows is a mistake to roff.
    return [line for i, line in enumerate(lines) if line != ".PP" or i + 1 < len(lines)]


def spelling(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def value(argument):
    return italic("<" + argument.get("valueName", "value") + ">")


def synopsis(argument):
    """How an argument stands in the command line."""
    if argument["kind"] == "positional":
        word = value(argument)
    else:
        word = bold(spelling(argument["preferredName"]))
        if argument["kind"] == "option":
            word += " " + value(argument)
    if argument["isRepeating"]:
        word += " ..."
    return "[" + word + "]" if argument["isOptional"] else word


def entry(argument):
    """An argument with its meaning."""
    names = argument.get("names", [])
    short_first = sorted(names, key=lambda name: name["kind"] != "short")
    words = ", ".join(bold(spelling(name)) for name in short_first)
    if argument["kind"] != "flag":
        words = (words + " " if words else "") + value(argument)
    lines = [".TP", words, text(argument.get("abstract", ""))]
    if argument.get("defaultValue") and argument["kind"] != "flag":
        lines.append(text("Default: " + argument["defaultValue"] + "."))
    return [line for line in lines if line]


def shown(command):
    """Its own arguments: not those that every command has."""
    return [
        a for a in command.get("arguments", [])
        if a.get("shouldDisplay", True) and not (a["kind"] == "flag" and a.get("valueName") in ("help", "version"))
    ]


def usage(words, command, children):
    line = " ".join([bold(" ".join(words))] + [synopsis(a) for a in shown(command)])
    return line + (" " + italic("<subcommand>") if children else "")


def visible(command):
    return [c for c in command.get("subcommands", []) if c.get("shouldDisplay", True) and c["commandName"] != "help"]


def describe(command):
    lines = [text(command["abstract"])] if command.get("abstract") else []
    if command.get("discussion"):
        lines += [".PP"] + prose(command["discussion"])
    return lines


def section(words, command, inherited):
    """A command below the first one, and everything below it."""
    words = words + [command["commandName"]]
    children = visible(command)
    lines = ['.SS "' + text(" ".join(words)) + '"']
    lines += describe(command)
    if command.get("aliases"):
        lines += [".PP", "Short: " + ", ".join(bold(alias) for alias in command["aliases"]) + "."]
    own = [a for a in shown(command) if a not in inherited]
    if not children:
        lines += [".PP", usage(words, command, children)]
        for argument in own:
            lines += entry(argument)
    for child in children:
        lines += section(words, child, inherited)
    return lines


def page(command, number, date, source):
    name = command["commandName"]
    children = visible(command)
    summary = re.sub(r"\.$", "", command.get("abstract", name))
    lines = [
        '.\\" Made from the program\'s own help.',
        f'.TH "{text(name.upper())}" "{number}" "{text(date)}" "{text(source)}"', ".ad l", ".nh",
        ".SH NAME", text(name) + r" \- " + text(summary),
        ".SH SYNOPSIS", usage([name], command, children),
        ".SH DESCRIPTION",
    ]
    lines += describe(command) + [".SH OPTIONS"]
    for argument in command.get("arguments", []):
        if argument.get("shouldDisplay", True):
            lines += entry(argument)
    if children:
        lines.append(".SH COMMANDS")
        for child in children:
            lines += section([name], child, shown(command))
    return lines


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit("usage: manpages.py DUMP.json SECTION DATE SOURCE [MORE.roff]")
    dump, number, date, source = sys.argv[1:5]
    with open(dump, encoding="utf-8") as file:
        command = json.load(file)["command"]
    print("\n".join(page(command, number, date, source)))
    if len(sys.argv) == 6:
        with open(sys.argv[5], encoding="utf-8") as file:
            sys.stdout.write(file.read())


if __name__ == "__main__":
    main()

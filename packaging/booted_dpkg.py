"""What the real dpkg leaves when it is killed in the middle of an upgrade, and what the calls of an installer make of that."""
import os
import subprocess

# Where a package's own script kills dpkg. Two packages at once are all unpacked before the first is configured.
KILL = "#!/bin/sh\nset -e\nif [ -e /run/kill-{0} ]; then rm /run/kill-{0}; kill -9 $PPID; exit 1; fi\n"
MOMENTS = {
    "in the old version's prerm": ("1.0", "prerm"),
    "in the new version's preinst": ("1.1", "preinst"),
    "in the old version's postrm": ("1.0", "postrm"),
    "while another package is unpacked": (None, "other"),
    "in the new version's postinst": ("1.1", "postinst"),
}
CALLS = {
    "configure": ["dpkg", "--force-confdef", "--force-confold", "--configure", "--pending"],
    "install new": ["dpkg", "--force-confdef", "--force-confold", "--install", "/srv/new.deb"],
    "install old": ["dpkg", "--force-confdef", "--force-confold", "--install", "/srv/old.deb"],
}


def build(container, name, version, scripts):
    """A package of one file with these maintainer scripts, by path inside."""
    folder = container.path(f"/srv/{name}-{version}")
    os.makedirs(folder + "/DEBIAN")
    os.makedirs(folder + "/usr/share/probe")
    with open(folder + f"/usr/share/probe/{name}", "w", encoding="ascii") as stream:
        stream.write(version)
    with open(folder + "/DEBIAN/control", "w", encoding="ascii") as stream:
        stream.write(f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: nobody <nobody@example.com>\nDescription: probe\n")
    for script, flag in scripts.items():
        with open(folder + f"/DEBIAN/{script}", "w", encoding="ascii") as stream:
            stream.write(KILL.format(flag))
        os.chmod(folder + f"/DEBIAN/{script}", 0o755)
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", folder, folder + ".deb"], check=True, stdout=subprocess.DEVNULL)
    return f"/srv/{name}-{version}.deb"


def states(container):
    """One row for each moment and call: the state that the kill leaves, and exit code and state after the call."""
    scripts = ["preinst", "postinst", "prerm", "postrm"]
    old = build(container, "probe", "1.0", {script: f"1.0-{script}" for script in scripts})
    new = build(container, "probe", "1.1", {script: f"1.1-{script}" for script in scripts})
    other = build(container, "zprobe", "1.0", {"preinst": "other"})
    container.run("cp", old, "/srv/old.deb")
    container.run("cp", new, "/srv/new.deb")

    def state():
        return container.output("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", "probe")

    def fresh():
        container.output("dpkg", "--purge", "--force-all", "probe", "zprobe")
        container.run("dpkg", "--install", old)

    rows = []
    for moment, (version, script) in MOMENTS.items():
        for name, call in CALLS.items():
            fresh()
            flag = f"{version}-{script}" if version else script
            container.run("touch", f"/run/kill-{flag}")
            container.output("dpkg", "--install", new, other)
            left = state()
            code = subprocess.run(container.command(*call), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
            rows.append({"killed": moment, "left": left, "call": name, "exit": code, "state": state()})
    fresh()
    container.output("dpkg", "--purge", "--force-all", "probe", "zprobe")
    return rows

"""Packages with the same content for the agent and for Open Horizon's steps, and these steps; the same number makes the same filler."""
import json
import math
import os
import random
import resource
import shutil
import subprocess
import time

PIECE = 1024
# What zstd leaves of the filler; xz comes close.
LEFT = 0.61
FIXED = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"]


def filler(folder, seed, size, files):
    """So many files of so many bytes together. Half of each is noise, so that they compress like programs."""
    dice = random.Random(seed)
    words = [dice.randbytes(dice.randrange(3, 24)) for _ in range(2000)]
    wishes = [math.exp(dice.uniform(math.log(256), math.log(4 << 20))) for _ in range(files)]
    scale = size / sum(wishes)
    for number, wish in enumerate(wishes):
        path = os.path.join(folder, f"d{number % 20:02}", f"f{number:04}")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        left = max(1, int(wish * scale))
        with open(path, "wb") as stream:
            while left > 0:
                piece = (dice.randbytes(PIECE) + b"".join(dice.choices(words, k=PIECE // 8)))[: min(left, 2 * PIECE)]
                left -= stream.write(piece)
        os.utime(path, (0, 0))


def run(*words, **options):
    """A program that must succeed."""
    return subprocess.run(words, check=True, **options)


class Content:
    """What version `number` brings: the program and a filler tree, which `make` puts around it until the agent's package has its size."""

    def __init__(self, hub, number, options):
        self.version, self.options = f"1.0.{number}", options
        self.folder = os.path.join(hub.folder, "content-" + self.version)
        (small,) = hub.build("build-release", self.version, "--program", options.bin + "/upliftd")
        # The name under which a node asks for it.
        self.package = os.path.join(self.folder + ".package", os.path.basename(small))
        os.makedirs(self.folder)
        os.makedirs(os.path.dirname(self.package))
        run("tar", "-C", self.folder, "--zstd", "-xf", small)
        size = int((options.megabytes * 1e6 - os.path.getsize(small)) / LEFT)
        if size <= 0:
            raise SystemExit(f"error: the agent alone is {os.path.getsize(small) / 1e6:.1f} MB, --megabytes must be more")
        filler(os.path.join(self.folder, "share"), number, size, options.files)

    def upgrade_package(self):
        """As the agent takes it."""
        run("tar", "-C", self.folder, *FIXED, "-I", "zstd -q -T1 -6", "-cf", self.package, "upgrade-package.json", "bin", "share")
        return self.package

    def upgrade_with_debian_package(self):
        """As an agent of strategy deb takes it: the program and, instead of the filler tree, the Debian package."""
        tree = self.folder + ".deb-release"
        os.makedirs(tree + "/packages", exist_ok=True)
        shutil.copytree(self.folder + "/bin", tree + "/bin", copy_function=os.link, dirs_exist_ok=True)
        shutil.copy(self.debian_package()[1], tree + "/packages")
        with open(self.folder + "/upgrade-package.json", encoding="utf-8") as stream:
            descriptor = json.load(stream)
        with open(tree + "/upgrade-package.json", "w", encoding="utf-8") as stream:
            json.dump({**descriptor, "strategy": "deb"}, stream)
        run("tar", "-C", tree, *FIXED, "-I", "zstd -q -T1 -6", "-cf", self.package, "upgrade-package.json", "bin", "packages")
        return self.package

    def debian_package(self):
        """As dpkg does, in a tar archive."""
        out = self.folder + ".deb"
        archive = out + ".tar.gz"
        if not os.path.exists(archive):
            self._pack(out, archive)
        return archive, out + "/bench.deb"

    def _pack(self, out, archive):
        tree = self.folder + ".tree"
        home = os.path.join(tree, "usr/lib/bench")
        os.makedirs(os.path.join(tree, "DEBIAN"))
        shutil.copytree(self.folder, home, copy_function=os.link)
        with open(os.path.join(tree, "DEBIAN/control"), "w", encoding="ascii") as stream:
            stream.write(f"Package: bench\nVersion: {self.version}\nArchitecture: all\nMaintainer: nobody <nobody@example.invalid>\nDescription: filler\n")
        os.makedirs(out)
        run("dpkg-deb", "--root-owner-group", "-Z" + self.options.compression, "-z1", "--build", tree, out + "/bench.deb", stdout=subprocess.DEVNULL)
        shutil.rmtree(tree)
        run("tar", "-C", out, "-czf", archive, "bench.deb")

    def facts(self):
        """How many files of how many bytes."""
        sizes = [os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(self.folder) for name in names]
        return len(sizes), sum(sizes)


class Reference:
    """The steps of Open Horizon, with the machine's own programs, in a root of their own."""

    def __init__(self, hub, old, new):
        self.hub, self.folder = hub, os.path.join(hub.folder, "reference")
        os.makedirs(self.folder)
        _, self.old = old.debian_package()
        self.archive, _ = new.debian_package()
        self.signature = self.archive + ".sig"
        run("openssl", "dgst", "-sha256", "-sign", hub.private, "-out", self.signature, self.archive)
        self.size = os.path.getsize(self.archive)

    def dpkg(self, *words):
        """In the root of this round."""
        return ["dpkg", "--root=" + self.root, "--force-not-root", "--force-script-chrootless", "--log=" + self.folder + "/dpkg.log", *words]

    def prepare(self, number):
        """A root with the old version."""
        self.root, self.place = os.path.join(self.folder, f"root{number}"), os.path.join(self.folder, f"work{number}")
        os.makedirs(self.place)
        install_first(self.root, self.old)
        os.sync()

    def verify(self):
        """The copy stands for the download."""
        copy = shutil.copy(self.archive, self.place)
        run("openssl", "dgst", "-sha256", "-verify", self.hub.public, "-signature", self.signature, copy, stdout=subprocess.DEVNULL)

    def unpack(self):
        """The package of the package."""
        run("tar", "-C", self.place, "-xzf", os.path.join(self.place, os.path.basename(self.archive)))

    def back_up(self):
        """In this process: a cp for each file would only be slower."""
        names = run(*self.dpkg("-L", "bench"), stdout=subprocess.PIPE, text=True).stdout.split()
        for name in names:
            source = self.root + name
            if os.path.isfile(source):
                target = self.place + "/backup" + name
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copy2(source, target)

    def install(self):
        """With dpkg's own syncs."""
        run(*self.dpkg("-i", self.place + "/bench.deb"), stdout=subprocess.DEVNULL)

    def round(self, number):
        """Seconds of each step, and those on a processor of all."""
        self.prepare(number)
        before, steps = own_processor(), {}
        for step in (self.verify, self.unpack, self.back_up, self.install):
            start = time.monotonic()
            step()
            steps[step.__name__] = time.monotonic() - start
        found = {"wall": sum(steps.values()), "processor": own_processor() - before, "steps": steps}
        shutil.rmtree(self.root)
        shutil.rmtree(self.place)
        return found


def install_first(root, package):
    """A package database below a root, with one package."""
    for name in ("info", "updates"):
        os.makedirs(os.path.join(root, "var/lib/dpkg", name))
    open(os.path.join(root, "var/lib/dpkg/status"), "w", encoding="ascii").close()
    run("dpkg", "--root=" + root, "--force-not-root", "--force-script-chrootless", "-i", package, stdout=subprocess.DEVNULL)


def own_processor():
    """Seconds of this process and of the children that it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

"""Other updaters of Debian 12, started idle in a scratch folder, as peers of packaging/bench footprint."""
import http.server
import json
import os
import shutil
import subprocess
import threading

from booted_container import eventually

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth><policy context="default">
<allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>
"""
RAUC = """[system]
compatible=bench
bootloader=custom
statusfile={folder}/rauc.status
[keyring]
path={folder}/keyring.pem
[handlers]
bootloader-custom-backend={folder}/boot
[slot.rootfs.0]
device={folder}/slot
type=raw
bootname=A
"""
BOOT = "#!/bin/sh\ncase $1 in get-primary | get-current) echo A ;; get-state) echo good ;; esac\n"


class Answers(http.server.BaseHTTPRequestHandler):
    """A server that accepts a device and has no update for it."""

    def answer(self):
        """Reads the request whole."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"e30.e30.e30" if "auth_requests" in self.path else b""
        self.send_response(200 if body else 204)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = answer

    def log_message(self, *_):
        """Says nothing."""


class Peers:
    """Each runs in a folder of its own; `left_out` tells why one does not."""

    def __init__(self, folder):
        self.folder, self.processes, self.left_out, self.helpers = folder, {}, {}, []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bench", "-days", "30"]
        self.keyring = self.path("keyring.pem")
        subprocess.run([*certificate, "-keyout", self.path("key.pem"), "-out", self.keyring], check=True, stderr=subprocess.DEVNULL)

    def start(self):
        """Those that can be."""
        for name, program, begin in (("mender-client", "mender", self._mender), ("rauc service", "rauc", self._rauc), ("swupdate", "swupdate", self._swupdate)):
            if not shutil.which(program):
                self.left_out[name] = f"there is no program {program}"
                continue
            try:
                process, is_ready = begin()
                eventually(f"the start of {name}", lambda: is_ready() or process.poll() is not None, 20)
                if process.poll() is not None:
                    raise RuntimeError(f"it ended with {process.returncode}: {open(self.path(program + '.log'), encoding='utf-8').read()[-300:].strip()}")
                self.processes[name] = (process, shutil.which(program))
            except (OSError, TimeoutError, RuntimeError) as error:
                self.left_out[name] = str(error)
        return self

    def check(self):
        """One that ended meanwhile has no figures."""
        for name, (process, _) in list(self.processes.items()):
            if process.poll() is not None:
                self.left_out[name] = f"it ended with {process.returncode} while it was measured"
                del self.processes[name]

    def stop(self):
        """Ends all of them."""
        for process in reversed(self.helpers):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.server.shutdown()

    def path(self, name):
        """A file of the folder."""
        return os.path.join(self.folder, name)

    def _write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as stream:
            stream.write(text)
        return self.path(name)

    def _spawn(self, program, *words, **environment):
        with open(self.path(program + ".log"), "wb") as log:
            process = subprocess.Popen([program, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **environment})
        self.helpers.append(process)
        return process

    def _bus(self, name):
        """A bus of its own for each: the machine's has other guests, and rules."""
        path = self.path(name)
        process = self._spawn("dbus-daemon", "--nofork", "--config-file=" + self._write(name + ".conf", BUS.format(path=path)))
        eventually("the start of a D-Bus daemon", lambda: os.path.exists(path) or process.poll() is not None, 20)
        return {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + path}

    def _rauc(self):
        bus = self._bus("rauc.bus")
        self._write("slot", "")
        os.chmod(self._write("boot", BOOT), 0o755)
        process = self._spawn("rauc", "service", "--conf=" + self._write("rauc.conf", RAUC.format(folder=self.folder)), **bus)
        ask = ["dbus-send", "--system", "--print-reply", "--dest=de.pengutronix.rauc", "/", "org.freedesktop.DBus.Properties.Get",
               "string:de.pengutronix.rauc.Installer", "string:Operation"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": {**os.environ, **bus}, "check": False}
        return process, lambda: subprocess.run(ask, **quiet).returncode == 0

    def _swupdate(self):
        """Waiting for an image on its socket."""
        place = self.path("swupdate")
        os.mkdir(place)
        process = self._spawn("swupdate", "-k", self.keyring, TMPDIR=place, RUNTIME_DIRECTORY=place)
        return process, lambda: os.path.exists(place + "/sockinstctrl")

    def _mender(self):
        """With the intervals of its own sample for production. Without an artifact's name, which only a file below /etc can give, it
        waits between its checks but tells the server nothing: a lower bound of what it does."""
        place = self.path("mender")
        os.mkdir(place)
        device = self._write("device_type", "device_type=bench\n")
        settings = {"ServerURL": f"http://127.0.0.1:{self.server.server_port}", "DeviceTypeFile": device, "UpdatePollIntervalSeconds": 1800,
                    "InventoryPollIntervalSeconds": 28800, "RetryPollIntervalSeconds": 300}
        configuration = self._write("mender.conf", json.dumps(settings))
        process = self._spawn("mender", "--config", configuration, "--data", place, "--no-syslog", "daemon", **self._bus("mender.bus"))

        def waits():
            with open(self.path("mender.log"), encoding="utf-8") as stream:
                return "check-wait [Idle]" in stream.read()

        return process, waits

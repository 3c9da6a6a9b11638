"""The hour after a demo's last one, in which two exchanges are down, after an hour in which a stream fell silent.

All of it through the real programs: the stream passes a relay that stops handing on what the exchange sends, while the
connection stays open.
"""

import os
import shutil
import socket
import subprocess
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

DOWN = {"okx": "status 503", "gate": "status 403"}
SILENT = "bitget"
SPEED = 120  # simulated seconds a second
HEARD = 0.4  # of the hour, before the silence


class Relay:
    """Hands connections on to an address; those to a stream of SILENT lose what comes back from some moment on."""

    def __init__(self, address):
        self.target, self.silent = address, False
        self.socket = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def accept(self):
        while True:
            client, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        first = client.recv(65536)
        server = socket.create_connection(self.target)
        server.sendall(first)
        stream = f"/{SILENT}/".encode() in first.split(b"\r\n")[0] and b"upgrade" in first.lower()
        threading.Thread(target=self.hand_on, args=(client, server, False), daemon=True).start()
        self.hand_on(server, client, stream)

    def hand_on(self, source, sink, stream):
        try:
            while data := source.recv(65536):
                if not (stream and self.silent):
                    sink.sendall(data)
        except OSError:
            pass  # the other side ended the connection
        for side in (source, sink):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def run(programs, folder, program, *arguments, environment=None):
    done = subprocess.run([programs / program, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 65, 69):
        raise SystemExit(f"{program} {' '.join(arguments)}: {done.returncode}: {done.stderr[-400:]}")


def make(programs, demo, folder):
    """Continues a copy of a demo by the hour, and returns it."""
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("page"))
    first, last = (folder / ".demo-hours").read_text().split()
    end = datetime.fromisoformat(last)
    hour = (end + timedelta(hours=1)).strftime("%Y-%m-%dT%H")
    cascade = (end - timedelta(hours=24)).strftime("%Y-%m-%dT%H")
    clock = f"{last},{SPEED},{int(time.time() * 1000) + 3000}"
    faults = [part for exchange, what in DOWN.items() for part in ("--fault", f"{exchange} * hour={hour} -> {what}")]
    ready = folder / "url"
    simulator = subprocess.Popen(
        [programs / "exchange-simulator", "--port", "0", "--ready-file", ready, "--cascade", cascade, "--shared-clock", clock, *faults],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not (ready.exists() and ready.read_text().strip()):
            if simulator.poll() is not None:
                raise SystemExit("the simulator does not start")
            time.sleep(0.05)
        port = int(ready.read_text().strip().rsplit(":", 1)[1])
        relay = Relay(("127.0.0.1", port))
        environment = dict(os.environ, PERPS_BASE_URL=relay.url + "/{hour}/{exchange}", EXCHANGES="", FOCUS_ASSETS="BTC,ETH,SOL")
        heard(programs, folder, relay, clock, environment)
        run(programs, folder, "extract", "--hour", hour, "--now", f"{hour}:02:00Z", environment=environment)
        for program in ("transform", "load"):
            run(programs, folder, program, "--from", last, "--to", hour, environment=environment)
    finally:
        simulator.terminate()
        simulator.wait()
    return hour


def heard(programs, folder, relay, clock, environment):
    """Listens to the streams for the hour, of which SILENT is heard a part."""
    recorder = subprocess.Popen([programs / "record", "--shared-clock", clock], cwd=folder, env=environment,
                                stdout=subprocess.DEVNULL, stderr=open(folder / "record.log", "w"))
    origin = int(clock.rsplit(",", 1)[1]) / 1000
    time.sleep(max(0, origin + 3600 * HEARD / SPEED - time.time()))
    relay.silent = True
    time.sleep(max(0, origin + 3780 / SPEED - time.time()))
    recorder.terminate()
    recorder.wait()

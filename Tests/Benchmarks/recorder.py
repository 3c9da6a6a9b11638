#!/usr/bin/env python3
"""What the recorder costs, and how long a live alarm takes.

    Tests/Benchmarks/recorder.py alarm --rounds 50     # from the message that crosses to the request on the webhook
    Tests/Benchmarks/recorder.py cpu --seconds 60      # processor time at 50 liquidations a second
    Tests/Benchmarks/recorder.py week --hours 168      # memory over a simulated week

alarm: a stream of Binance's shape sends 2,000 liquidations a second, each of a dollar; one among them, at a random moment, is
large enough for a cascade. The warehouse has 30 sealed hours of the simulator's market up to now. First alone, then while load
and reprocess run without a pause.
cpu: five exchanges each send 20 trades a second, Binance 50 liquidations a second; by the clock of the machine.
week: the simulator and the recorder share a clock that runs SPEED times as fast. Loopback only.
"""
import argparse, base64, collections, gzip, hashlib, http.server, json, os, pathlib, random, shutil, signal, socket, statistics, subprocess
import sys, tempfile, threading, time

RATE = 2000
SECONDS = 4


def stamp(moment):
    return time.strftime("%Y-%m-%dT%H", time.gmtime(moment))


class Webhook(http.server.BaseHTTPRequestHandler):
    """Notes when a live alarm of a cascade came."""
    came = threading.Event()
    at = 0.0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "Live: Liquidation Cascade" in body and not Webhook.came.is_set():
            Webhook.at = time.time()
            Webhook.came.set()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def frame(text):
    data = text.encode()
    head = bytes([0x81, len(data)]) if len(data) < 126 else bytes([0x81, 126]) + len(data).to_bytes(2, "big")
    return head + data


def order(dollars, number):
    now = int(time.time() * 1000)
    return frame(json.dumps({"stream": "!forceOrder@arr", "data": {"e": "forceOrder", "E": now, "o": {
        "s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC", "q": "1", "p": "100", "ap": "100", "X": "FILLED",
        "l": "1", "z": repr(dollars / 100 + number * 1e-9), "T": now}}}))


TRADES = {
    "binance": '{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","s":"BTCUSDT","p":"100","q":"1"}}',
    "aster": '{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","s":"BTCUSDT","p":"100","q":"1"}}',
    "okx": '{"arg":{"channel":"trades","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","px":"100","sz":"1"}]}',
    "gate": '{"time":1,"channel":"futures.trades","event":"update","result":[{"size":"1","contract":"BTC_USDT"}]}',
    "bitget": '{"action":"update","arg":{"instType":"usdt-futures","topic":"publicTrade","symbol":"BTCUSDT"},"data":[{}]}',
}


class Stream(threading.Thread):
    """Exchanges' streams: trades, and Binance's liquidations: a burst when it is asked for, or so many a second."""

    def __init__(self, steady=0):
        super().__init__(daemon=True)
        self.steady, self.sent = steady, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.connected, self.burst = threading.Event(), threading.Event()
        self.crossed = 0.0
        self.start()

    def run(self):
        while True:
            peer, _ = self.server.accept()
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        head = b""
        while b"\r\n\r\n" not in head:
            part = peer.recv(4096)
            if not part:
                return
            head += part
        lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if ": " in line)
        key = next((value for name, value in lines.items() if name.lower() == "sec-websocket-key"), None)
        if key is None:  # the list of instruments: this exchange needs none
            peer.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return peer.close()
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        peer.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
        threading.Thread(target=self.drain, args=(peer,), daemon=True).start()
        exchange = head.decode().split(" ")[1].split("/")[2]
        try:
            if self.steady:
                self.trickle(peer, exchange)
            else:
                self.talk(peer)
        except OSError:
            pass

    def trickle(self, peer, exchange):
        trade, number = frame(TRADES[exchange]), 0
        peer.sendall(trade)
        self.connected.set()
        while True:
            time.sleep(0.05)
            peer.sendall(trade)
            if exchange == "binance":
                for _ in range(self.steady // 20 + (number % 2) * (self.steady % 20 > 0)):
                    peer.sendall(order(1, number))
                    self.sent = number = number + 1

    @staticmethod
    def drain(peer):
        try:
            while peer.recv(4096):
                pass
        except OSError:
            pass

    def talk(self, peer):
        trade = frame('{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","s":"BTCUSDT","p":"100","q":"1"}}')
        peer.sendall(trade)
        self.connected.set()
        while not self.burst.wait(0.2):
            peer.sendall(trade)
        began, sent, large = time.time(), 0, random.randrange(RATE // 2, RATE * (SECONDS - 1))
        while sent < RATE * SECONDS:
            due = min(int((time.time() - began) * RATE), RATE * SECONDS)
            for number in range(sent, due):
                if number == large:
                    self.crossed = time.time()
                    peer.sendall(order(2e9, number))
                else:
                    peer.sendall(order(1, number))
            sent = max(sent, due)
            time.sleep(0.005)
        while True:
            peer.sendall(trade)
            time.sleep(0.2)


def heard(folder, now):
    """What an earlier recorder wrote: the stream was up for an hour."""
    for hour in (now - 3600, now):
        place = folder / "raw" / time.strftime("%Y-%m-%d/%H", time.gmtime(hour))
        first, last = int(max(now - 3700, hour // 3600 * 3600) * 1000), int(min(now, hour // 3600 * 3600 + 3600) * 1000)
        lines = "".join(
            json.dumps({"exchange": "binance", "connection": "all#1", "at_ms": at, "event": event, "simulated": True},
                       separators=(",", ":")) + "\n"
            for at, event in ((first, "open"), (first, "subscribed"), (last, "alive")))
        path = place / "binance.stream.ndjson.gz"
        if hour == now:
            path = place / "stream" / "binance.part"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(lines.encode()))
        os.utime(path, (now, now))


class Bench:
    def __init__(self, programs, folder):
        self.bin, self.folder, self.stop = programs, folder, threading.Event()
        self.runs, self.failures = collections.Counter(), []
        hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        self.environment = dict(
            os.environ, MALLOC_ARENA_MAX="2", EXCHANGES="binance",
            DISCORD_WEBHOOK_URL=f"http://127.0.0.1:{hook.server_port}/api/webhooks/1/x")

    def run(self, program, *arguments):
        done = subprocess.run([f"{self.bin}/{program}", *arguments], cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{program} ends with {done.returncode}: {done.stderr[-400:]}")

    def fill(self):
        now = time.time()
        self.span = stamp(now - 30 * 3600), stamp(now)
        (self.folder / "warehouse").mkdir()
        self.run("exchange-simulator", "--archive", self.span[0], self.span[1], "--output", "raw")
        self.run("reprocess", "--from", self.span[0], "--to", self.span[1])
        # Later hours have files that a recorder of this benchmark writes.
        self.past = self.span[0], stamp(now - 2 * 3600)

    def busy(self):
        """Loads and makes the same hours again, over and over."""
        while not self.stop.is_set():
            for program in ("reprocess", "load"):
                done = subprocess.run(
                    [f"{self.bin}/{program}", "--from", self.past[0], "--to", self.past[1]], cwd=self.folder,
                    capture_output=True, text=True)
                self.runs[program] += 1
                if done.returncode:
                    self.failures.append(f"{program} ends with {done.returncode}: {done.stderr[-200:]}")

    def sample(self):
        for path in (self.folder / "warehouse").glob("live.db*"):
            path.unlink()
        for path in (self.folder / "raw").rglob("*stream*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        heard(self.folder, time.time())
        stream = Stream()
        Webhook.came.clear()
        environment = dict(
            self.environment, PERPS_BASE_URL=f"http://127.0.0.1:{stream.port}/{{hour}}/{{exchange}}")
        with open(self.folder / "record.log", "w") as log:
            recorder = subprocess.Popen(
                [f"{self.bin}/record", "--alarm"], cwd=self.folder, env=environment, stdout=log, stderr=log)
        try:
            if not stream.connected.wait(20):
                raise SystemExit("record does not connect: " + (self.folder / "record.log").read_text()[-400:])
            time.sleep(1.5)
            stream.burst.set()
            if not Webhook.came.wait(30):
                raise SystemExit("no alarm: " + (self.folder / "record.log").read_text()[-800:])
            return Webhook.at - stream.crossed
        finally:
            recorder.send_signal(signal.SIGTERM)
            recorder.wait()


def quantile(times, percent):
    """The least of all times that so many percent of them do not exceed."""
    return sorted(times)[max(0, -(-len(times) * percent // 100) - 1)]


def histogram(name, times):
    print(f"{name}: {len(times)} bursts, median {statistics.median(times):.3f} s, 90 % {quantile(times, 90):.3f} s, "
          f"99 % {quantile(times, 99):.3f} s, longest {max(times):.3f} s")
    for low in (0, .05, .1, .2, .3, .5, .75, 1, 1.5, 2):
        high = {0: .05, .05: .1, .1: .2, .2: .3, .3: .5, .5: .75, .75: 1, 1: 1.5, 1.5: 2}.get(low, 99)
        count = sum(low <= one < high for one in times)
        if count:
            print(f"   {low:4.2f} to {'more' if high == 99 else f'{high:4.2f}'} s {'#' * (60 * count // len(times)):60} {count}")


def alarm(programs, asked):
    with tempfile.TemporaryDirectory(prefix="alarm-") as top:
        bench = Bench(programs, pathlib.Path(top))
        bench.fill()
        histogram("alone", [bench.sample() for _ in range(asked.rounds)])
        worker = threading.Thread(target=bench.busy)
        worker.start()
        try:
            histogram("while load and reprocess run", [bench.sample() for _ in range(asked.rounds)])
        finally:
            bench.stop.set()
            worker.join()
        print(f"meanwhile {bench.runs['reprocess']} times reprocess and {bench.runs['load']} times load, "
              f"{len(bench.failures)} failed {bench.failures[:1]}")


def ticks(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process, name):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024


def cpu(programs, asked):
    for flags in ([], ["--alarm"]):
        with tempfile.TemporaryDirectory(prefix="cpu-") as top:
            bench = Bench(programs, pathlib.Path(top))
            bench.fill()
            stream = Stream(steady=50)
            environment = dict(bench.environment, EXCHANGES=",".join(TRADES), DISCORD_WEBHOOK_URL="",
                               PERPS_BASE_URL=f"http://127.0.0.1:{stream.port}/{{hour}}/{{exchange}}")
            recorder = subprocess.Popen([f"{programs}/record", *flags], cwd=top, env=environment)
            stream.connected.wait(20)
            time.sleep(5)
            before, began, sent = ticks(recorder), time.time(), stream.sent
            time.sleep(asked.seconds)
            passed = time.time() - began
            print(f"record {' '.join(flags)}: {100 * (ticks(recorder) - before) / passed:.2f} % of a core at "
                  f"{(stream.sent - sent) / passed:.0f} liquidations and {20 * len(TRADES)} trades a second; "
                  f"{memory(recorder, 'VmHWM'):.0f} MB at most")
            recorder.send_signal(signal.SIGTERM)
            recorder.wait()


def week(programs, asked):
    start = "2026-11-18T10"
    with tempfile.TemporaryDirectory(prefix="week-") as top:
        origin = int(time.time() * 1000) + 1500
        clock = f"{start},{asked.speed},{origin}"
        simulator = subprocess.Popen(
            [f"{programs}/exchange-simulator", "--port", "0", "--ready-file", "url", "--shared-clock", clock], cwd=top)
        while not os.path.exists(f"{top}/url"):
            time.sleep(0.02)
        base = pathlib.Path(top, "url").read_text().strip()
        time.sleep(max(0, origin / 1000 - time.time()))
        with open(f"{top}/log", "w") as log:
            recorder = subprocess.Popen(
                [f"{programs}/record", "--alarm", "--shared-clock", clock], cwd=top, stdout=log, stderr=log,
                env=dict(os.environ, MALLOC_ARENA_MAX="2", PERPS_BASE_URL=base + "/{hour}/{exchange}", EXCHANGES=""))
        days = []
        while (passed := (time.time() * 1000 - origin) / 1000 * asked.speed / 3600) < asked.hours:
            if passed // 24 >= len(days) + 1:
                days.append(memory(recorder, "VmRSS"))
                print(f"day {len(days)}: {days[-1]:.0f} MB now, {memory(recorder, 'VmHWM'):.0f} MB at most, "
                      f"{ticks(recorder):.0f} s of processor time", flush=True)
            time.sleep(0.2)
        print(f"{asked.hours} hours at {asked.speed} times the speed: {memory(recorder, 'VmHWM'):.0f} MB at most")
        recorder.send_signal(signal.SIGTERM)
        recorder.wait()
        simulator.terminate()
        files = list(pathlib.Path(top, "raw").rglob("*.stream.ndjson.gz"))
        print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB; the last lines of its log:")
        print("".join(pathlib.Path(top, "log").read_text().splitlines(keepends=True)[-3:])[:1200])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("part", choices=["alarm", "cpu", "week"])
    options.add_argument("--rounds", type=int, default=50)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--hours", type=int, default=168)
    options.add_argument("--speed", type=int, default=600)
    options.add_argument("--programs", default=".build/release")
    asked = options.parse_args()
    {"alarm": alarm, "cpu": cpu, "week": week}[asked.part](pathlib.Path(asked.programs).resolve(), asked)


if __name__ == "__main__":
    main()

"""Raw files through `transform` as a child process. A child that dies costs an attempt of the file at hand, and is told."""
import collections
import json
import os
import select
import signal
import subprocess
import tempfile
import time

# Paths that a child has and has not answered: both pipes hold them, so that neither end waits for the other.
AHEAD = 8
LONGEST_PATH = 4096
# Children in which a file may be at hand when they die.
ATTEMPTS = 2
# Children that may die one after the other without an answer before the rest of a list is given up.
DEATHS_IN_A_ROW = 10
SOFTWARE, DATA, FILES = 70, 65, 74


class Died(Exception):
    """A child that ended, or gave no answer, while files were in its hands."""


class Child:
    """`transform - --status`: a path in, a line of JSON out."""

    def __init__(self, command, root, patience):
        self.patience = patience
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [*command, "-", "--status"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, bufsize=0, cwd=root)
        self.pending = b""

    def ask(self, path):
        try:
            self.process.stdin.write(os.fsencode(path) + b"\n")
        except BrokenPipeError:
            pass  # the missing answer says so

    def answer(self, path):
        """The answer for a path, which is the first that has none."""
        line = self.line()
        answer = status(line, path)
        if answer is None:
            raise Died(f"said something else than how '{path}' went: {line[:200].decode(errors='replace')}")
        return answer

    def line(self):
        output = self.process.stdout
        until = time.monotonic() + self.patience
        while b"\n" not in self.pending:
            if not select.select([output], [], [], max(0, until - time.monotonic()))[0]:
                raise Died(f"gave no answer for {self.patience} s")
            piece = os.read(output.fileno(), 65536)
            if not piece:
                raise Died(self.end())
            self.pending += piece
        line, self.pending = self.pending.split(b"\n", 1)
        return line

    def end(self):
        """How it ended, in words, with the last line that it left on standard error."""
        return how(self.process.wait(), last_line(self.said))

    def close(self):
        """Ends a child that has answered everything."""
        self.process.stdin.close()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()
        for file in (self.process.stdin, self.process.stdout, self.said):
            file.close()


def how(status, words):
    if status < 0:
        ending = f"was ended by {signal.Signals(-status).name}"
    else:
        ending = f"ended with status {status}"
    return f"{ending}: {words}" if words else ending


def last_line(file):
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - 2000))
    lines = file.read().decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")


def status(line, path):
    """The answer for a path that a line holds; None where it holds anything else."""
    try:
        answer = json.loads(line)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and answer.get("path") == path else None


def failed(path, error, status, **more):
    return {"path": path, "error": error, "status": status, **more}


def refusal(path):
    """Why a path cannot be given to a child as a line; None where it can."""
    if "\n" in path or "\r" in path:
        return "has a line feed in its name"
    try:
        size = len(path.encode())
    except UnicodeEncodeError:
        return "has a name that is not UTF-8"
    return f"has a name of {size} bytes" if size > LONGEST_PATH else None


def staged(paths, command, root=None, patience=600):
    """Gives paths to children, one child at a time, and yields an answer for each path, in their order.

    An answer has what `transform` said, or `error` and `status`; where a child died with the file at hand, `deaths` says how.
    """
    rest = collections.deque(paths)
    deaths = []  # of the first of the rest
    in_a_row = 0
    child = None
    while rest:
        if (reason := refusal(rest[0])) is not None:
            yield failed(rest.popleft(), reason, DATA)
            continue
        try:
            child = Child(command, root, patience)
        except OSError as error:
            yield from (failed(path, f"cannot start {command[0]}: {error.strerror}", FILES) for path in rest)
            return
        try:
            for answer in answers(child, rest):
                in_a_row = 0
                yield answer | ({"deaths": deaths} if deaths else {})
                deaths = []
            child.close()
        except Died as death:
            child.kill()
            deaths.append(f"transform {death}")
            in_a_row += 1
            if len(deaths) >= ATTEMPTS:
                yield failed(rest.popleft(), f"{deaths[-1]}, {len(deaths)} times with this file at hand", SOFTWARE, deaths=deaths)
                deaths = []
            if in_a_row >= DEATHS_IN_A_ROW:
                reason = f"not tried: transform died {in_a_row} times in a row, the last time it {death}"
                yield from (failed(path, reason, SOFTWARE) for path in rest)
                return
        except GeneratorExit:
            child.kill()
            raise


def answers(child, rest):
    """The answers of one child; an answered path leaves the rest."""
    asked = 0
    while rest and refusal(rest[0]) is None:
        while asked < min(AHEAD, len(rest)) and refusal(rest[asked]) is None:
            child.ask(rest[asked])
            asked += 1
        answer = child.answer(rest[0])
        rest.popleft()
        asked -= 1
        yield answer

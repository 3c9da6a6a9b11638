"""Raw files in a store without a file system: their bytes through `transform --stream`, one child a file."""
import re
import subprocess

from children import ATTEMPTS, FILES, SOFTWARE, failed, how, status

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://")
# Where the staged file is, below `staged/`: as below `raw/`.
TAIL = re.compile(r"(?:^|/)((?:\d{4}-\d\d-\d\d/\d\d|history/[^/]+/[^/]+(?:/archive)?)/[^/]+\.ndjson\.gz)$")


def is_local(path):
    return SCHEME.match(path) is None


def staged_path(path, folder):
    """Where the staged file of a raw path belongs; None where the path does not say."""
    tail = TAIL.search(path)
    return f"{folder.rstrip('/')}/{tail[1]}" if tail else None


def open_store(uri):
    """A file system and the path in it: s3://, gs://, hdfs://, file://, as pyarrow knows them."""
    from pyarrow import fs

    return fs.FileSystem.from_uri(uri)


def read(uri):
    store, path = open_store(uri)
    with store.open_input_stream(path, compression=None) as file:
        return file.read()


def write(uri, content):
    """Puts an object in place, whole or not at all: one of a store appears when it is closed, a file when it is renamed."""
    store, path = open_store(uri)
    if store.type_name not in ("local", "hdfs"):
        with store.open_output_stream(path, compression=None) as file:
            file.write(content)
        return
    folder, _, name = path.rpartition("/")
    store.create_dir(folder, recursive=True)
    temporary = f"{folder}/.{name}.tmp"
    with store.open_output_stream(temporary, compression=None) as file:
        file.write(content)
    store.move(temporary, path)


def staged(path, folder, command, root=None, patience=600):
    """Stages one raw object, and answers as a child answers for a path."""
    target = staged_path(path, folder)
    if target is None:
        return failed(path, "does not end in <date>/<hour>/<exchange>.ndjson.gz", 64)
    try:
        content = read(path)
    except Exception as error:  # each store has its own
        return failed(path, f"cannot read: {error}", FILES)
    deaths = []
    while True:
        try:
            child = subprocess.run(
                [*command, "--stream", "--status", "--as", path], input=content, capture_output=True, timeout=patience,
                cwd=root)
        except OSError as error:
            return failed(path, f"cannot start {command[0]}: {error.strerror}", FILES)
        except subprocess.TimeoutExpired:
            deaths.append(f"transform gave no answer for {patience} s")
        else:
            lines = child.stderr.decode(errors="replace").strip().split("\n")
            answer = status(lines[-1], path)
            if answer is not None:
                break
            deaths.append(f"transform {how(child.returncode, lines[-1])}")
        if len(deaths) >= ATTEMPTS:
            return failed(path, f"{deaths[-1]}, {len(deaths)} times with this file at hand", SOFTWARE, deaths=deaths)
    answer |= {"deaths": deaths} if deaths else {}
    if "error" in answer:
        return answer
    try:
        write(target, child.stdout)
    except Exception as error:
        return failed(path, f"cannot write {target}: {error}", FILES)
    return answer | {"staged": target}


"""What a figure depends on beside the code: the machine, and the versions of what takes part."""
import ctypes
import ctypes.util
import os
import platform
import re
import subprocess


def first_line(command):
    """What a program says of itself; None where it is missing or fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("\n")[0]
    except (OSError, subprocess.CalledProcessError):
        return None


def model_of(lines):
    """The name of the first processor of /proc/cpuinfo; None where it has none, as on most ARM machines."""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)


def processor():
    name = None
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            name = model_of(file)
    return name or first_line(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.processor() or platform.machine()


def describe():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": processor(), "cores": os.cpu_count(), "memory_gb": round(memory / 1e9, 1),
            "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"}


def swift():
    found = re.search(r"Swift version (\S+)", first_line(["swift", "--version"]) or "")
    return found and found.group(1)


def sqlite():
    """The library that our programs load, where the system can name it."""
    name = ctypes.util.find_library("sqlite3")
    if not name:
        return None
    version = ctypes.CDLL(name).sqlite3_libversion
    version.restype = ctypes.c_char_p
    return version().decode()


def versions(packages):
    """Of Swift, SQLite and Python, and of the given packages of peers; what is unknown is left out."""
    known = {"swift": swift(), "sqlite": sqlite(), "python": platform.python_version(), **packages}
    return {name: version for name, version in known.items() if version}


def commit():
    """The commit of the checkout, with a + where files of it were changed since."""
    name = first_line(["git", "rev-parse", "--short=7", "HEAD"])
    changed = first_line(["git", "status", "--porcelain", "--untracked-files=no"])
    return name and name + ("+" if changed else "")

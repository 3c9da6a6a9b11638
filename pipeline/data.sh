# Read by the scripts of this folder, with `.`: enter BIN DATA goes to the folder of data. $bin and $tools, the folders of
# the programs and of these scripts, are absolute paths. The programs read pipeline/config.env where they run: a link
# shows it to a folder of data of its own.
unset CDPATH
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
enter() {
    bin=$(cd "$1" && pwd) || return 69
    cd "$2" || return 66
    [ -e pipeline/config.env ] || ln -sfn "$tools" pipeline 2>/dev/null || true
}

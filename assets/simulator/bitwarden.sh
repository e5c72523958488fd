#!/bin/sh
# The simulator's stand-in for the script of a standard deployment: the same calls in the same order, the
# same exit codes and the same question to root, but the "containers" live in the simulator.
# It hands each call over through a FIFO that it opens for reading and writing (so that opening it never
# waits) and looks for the answer in a file, for a bounded time: without a simulator it ends by itself.
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
control="$here/.simulator"
count=0

# ask VERB SECONDS: prints what the simulator says and returns what the call would have returned.
ask() {
    count=$((count + 1))
    id="$$.$count"
    if [ ! -p "$control/requests" ]; then
        echo "The simulator is not running: $control/requests is not there." >&2
        return 1
    fi
    exec 3<>"$control/requests" || return 1
    printf '%s %s\n' "$id" "$1" >&3
    tries=$(($2 * 10))
    while [ ! -f "$control/answers/$id" ]; do
        tries=$((tries - 1))
        if [ "$tries" -le 0 ]; then
            exec 3>&-
            echo "The simulator does not answer; is it still running?" >&2
            return 1
        fi
        sleep 0.1
    done
    exec 3>&-
    { read -r code && cat; } <"$control/answers/$id"
    rm -f "$control/answers/$id"
    return "$code"
}

# Only a person, or whoever answers for one, lets root go on.
if [ "$(id -u)" -eq 0 ]; then
    echo "WARNING: the script runs as root!"
    echo "A standard deployment should be run by a user of its own."
    if [ -t 0 ]; then
        printf 'Do you still want to continue? (y/n): ' >&2
    fi
    read -r answer || exit 1
    case "$answer" in
        [yY] | [yY][eE][sS]) echo "Continuing" ;;
        *) exit 1 ;;
    esac
fi

echo "bitwarden.sh of the simulator, 2026.8.0"

case "${1:-}" in
    start | restart)
        ask ps 5 >/dev/null || exit 1
        echo "Stopping and removing containers"
        ask down 30 || exit 1
        # What the helper does on the way: as a rule nothing.
        if [ -x "$here/bwdata/scripts/run.sh" ]; then
            "$here/bwdata/scripts/run.sh" restart || exit 1
        fi
        echo "Pulling images"
        ask pull 60 || exit 1
        echo "Creating and starting containers"
        ask up 60 || exit 1
        # The setup container has the last word, and its failure is the script's.
        ask setup 30 || exit $?
        echo
        echo "Bitwarden is up and running!"
        echo "visit https://vault.example.org"
        ;;
    stop)
        echo "Stopping and removing containers"
        ask down 30 || exit 1
        ;;
    *)
        echo "The simulator knows start, restart and stop." >&2
        exit 1
        ;;
esac

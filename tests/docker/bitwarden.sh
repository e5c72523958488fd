#!/usr/bin/env bash
# Stands in for the genuine script: asks what it asks, calls what it calls, in its order, and ends as it ends
# (`script-calls.json`). At the points that a test has laid two FIFOs for, run.sh stops until it is told to go on.
set -e

DIR="$( cd "$( dirname "${BASH_SOURCE[0]}" )" && pwd )"

if [ "$(id -u)" -eq 0 ]; then
    echo "WARNING: This script is running as the root user!"
    echo "If you are running a standard deployment this script should be running as a dedicated Bitwarden User as per the documentation."
    read -p "Do you still want to continue? (y/n): " choice
    case "$choice" in
        [yY]|[yY][eE][sS]) echo -e "Continuing....\n" ;;
        *) exit 1 ;;
    esac
fi

dccmd='docker compose'
if ! docker compose >/dev/null 2>&1; then
    if ! docker-compose --version >/dev/null 2>&1; then
        echo "Error: Neither 'docker compose' nor 'docker-compose' commands were found. Please install Docker Compose." >&2
        exit 1
    fi
    dccmd='docker-compose'
    echo "docker compose not found, falling back to docker-compose."
fi
echo "bitwarden.sh version 2026.8.0"
docker --version
if [ "$dccmd" = 'docker compose' ]; then docker compose version; else docker-compose --version; fi

case "$1" in
    start | restart) "$DIR/bwdata/scripts/run.sh" restart "$DIR/bwdata" "$dccmd" ;;
    stop) "$DIR/bwdata/scripts/run.sh" stop "$DIR/bwdata" "$dccmd" ;;
    *) echo "The stand-in knows start, restart and stop." >&2; exit 1 ;;
esac

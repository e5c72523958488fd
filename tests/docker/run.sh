#!/usr/bin/env bash
# The second half of the stand-in for the genuine script: what really takes the server down and brings it up.
set -e

OUTPUT_DIR="$2"
dccmd="$3"
export COMPOSE_FILE="$OUTPUT_DIR/docker/docker-compose.yml"
if [ -f "$OUTPUT_DIR/docker/docker-compose.override.yml" ]; then
    export COMPOSE_FILE="$COMPOSE_FILE:$OUTPUT_DIR/docker/docker-compose.override.yml"
fi
export COMPOSE_HTTP_TIMEOUT="300"

# Says that it got here and waits to be told to go on; never for ever, whatever becomes of the test.
point() {
    if [ -p "$OUTPUT_DIR/../points/$1.reached" ]; then
        timeout 400 sh -c 'echo reached >"$1"' - "$OUTPUT_DIR/../points/$1.reached"
        timeout 400 cat "$OUTPUT_DIR/../points/$1.gate" >/dev/null
    fi
}

down() {
    if [ "$($dccmd ps | wc -l)" -gt 2 ]; then
        $dccmd down
    fi
}

case "$1" in
    restart)
        point before-down
        down
        point after-down
        $dccmd pull
        point after-pull
        mkdir -p "$OUTPUT_DIR/core/attachments" "$OUTPUT_DIR"/logs/{admin,api,identity,mssql,nginx}
        $dccmd up -d
        point after-up
        docker pull @REGISTRY@/bitwarden/setup:2026.8.0
        docker run -i --rm --name @PROJECT@-setup -v "$OUTPUT_DIR:/bitwarden" --env-file "$OUTPUT_DIR/env/uid.env" \
            @REGISTRY@/bitwarden/setup:2026.8.0 setup
        ;;
    stop) down ;;
esac

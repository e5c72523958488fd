#!/bin/sh
# Stands in front of the genuine program: stops before Compose's `up` where a test has laid the two FIFOs for it, and
# knows no plugin where the test is one of docker-compose.
if [ "$1" = compose ] && [ @PLUGIN@ = no ]; then
    echo "docker: unknown command: docker compose" >&2
    exit 1
fi
export DOCKER_CONFIG=@CONFIG@
case " $* " in
    *" up -d "*)
        if [ -p "@POINTS@/compose-up.reached" ]; then
            timeout 400 sh -c 'echo reached >"$1"' - "@POINTS@/compose-up.reached"
            timeout 400 cat "@POINTS@/compose-up.gate" >/dev/null
        fi
        ;;
esac
exec @REAL@ "$@"

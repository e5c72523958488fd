#!/bin/sh
# The simulator's stand-in for a helper that asks a question between down and up. Without a terminal nobody
# answers: it ends, and the server stays down.
set -e

remove_old_image() {
    printf 'An old image of certbot is here. Remove it? (y/N) '
    read -r answer
    case "$answer" in
        [yY]) echo "Removed." ;;
    esac
}

restart() {
    remove_old_image
}

case "${1:-}" in
    restart) restart ;;
esac

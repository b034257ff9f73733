#!/bin/sh
set -eu
. "$(dirname "$0")/private-sendmail"
echo 'from s-nail' | s-nail -n -S sendwait -s 'Hello' -a "$0" ada@contoso.example

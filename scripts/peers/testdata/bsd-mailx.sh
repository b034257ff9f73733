#!/bin/sh
set -eu
. "$(dirname "$0")/private-sendmail"
echo 'from bsd-mailx' | bsd-mailx -s 'Hello' ada@contoso.example

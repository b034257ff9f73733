#!/bin/sh
# The first commit of a new repository, as a patch.
set -eu
. "$(dirname "$0")/private-sendmail"
cd "$HOME"
git init -q repository
cd repository
git config user.name Alerts
git config user.email "$O365MAIL_ADDRESS"
echo 'Grüße' >greeting
git add greeting
git commit -q -m 'from git-send-email'
git send-email --quiet --confirm=never --to=ada@contoso.example --root -1 HEAD

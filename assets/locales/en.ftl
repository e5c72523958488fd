### English. Every other language has the same messages with the same arguments: the build checks it.
### Labels of Bitwarden's web app stand as the web app shows them in this language.

## The program

language-name = English

## Frame

screen-demo = DEMO
screen-more = PgDn: more
screen-foot-nothing = Nothing changed yet.
screen-foot-changed = Changed: { $what }.
screen-foot-put-back = The old settings are back.
screen-foot-perhaps-connection = The connection may have been saved.
screen-foot-perhaps-license = The license may have been synced.
screen-foot-down = Server down since { $time } UTC ({ $span }).
screen-foot-down-since = Server down since { $time } UTC.
screen-foot-up = Server restarted, up.
screen-changed-settings = { $count ->
    [one] 1 setting
   *[other] { $count } settings
}
screen-changed-connection = connection
screen-changed-license = license
screen-notice-paste = That paste was dropped: a token goes in step 3.
screen-notice-fields = Both fields are needed, or the path of a file with the key.
screen-notice-token = The cloud is asked once it is 30 letters and digits.
screen-notice-verify = bwsync saves only a token that the cloud accepted: Enter asks.
screen-notice-restart-done = Step 1 is done: the server was restarted.
screen-notice-restart-failed = Step 1 did not go as planned: go back and choose 1.
screen-file-unreadable = That file is not there, or may not be read.
screen-file-not-a-file = That is not a file.
screen-file-open = Others may read that file: chmod 600 it first.
screen-file-foreign = That file belongs to somebody else: it must be yours or root's.
screen-file-empty = That file is empty.
screen-file-not-a-secret = That file is too large for a secret, or no text.
screen-file-no-api-key = BW_CLIENTID= and BW_CLIENTSECRET= are not in that file.

## How things stand across runs

stands-silent = The server does not answer.
stands-restarting = A restart is at work since { $since } UTC: the server may be down.
stands-down = The server is down since { $since } UTC.
stands-down-at-work = The server is down since { $since } UTC; what brings it up is at work.
stands-not-seen = A restart began at { $since } UTC, and nobody saw how it ended.
stands-nothing-here = Nothing changed in this run.
stands-not-restarted = not restarted yet
stands-changed = Changed on { $date }: { $what }.
stands-changed-edited = Changed on { $date }: { $what }; the file was edited since.
stands-changed-restarted = Changed on { $date }: { $what }, restarted.
stands-changed-not-restarted = Changed on { $date }: { $what }, not restarted yet.
stands-disabled = Switched off on { $date }.
stands-disabled-not-restarted = Switched off on { $date }, not restarted yet.
stands-back = The old settings are back since { $date }.
stands-back-not-restarted = The old settings are back since { $date }, not restarted yet.
stands-back-by-hand = The env file is again as it was before bwsync.
stands-connection = The connection was saved on { $date }.
stands-key = { $key } starts it from the images that are here.
stands-step = Step 1 has the commands that start it.
stands-resume = bwsync resume follows it.
stands-way-up = First start it from the images that are here:
stands-way-up-perhaps = Where it does not answer, this starts it from the images that are here:
stands-way-up-perhaps-root = Docker does not answer this user. Where the server does not answer, this starts it from the images that are here, with root's rights:
stands-way-up-root = Docker does not answer this user. First start it from the images that are here, with root's rights:
stands-way-up-key = { $key } starts it from the images that are here. The same by hand:
stands-way-up-none = bwsync knows no command that starts this server: start it as you usually do.
stands-follow-with = Follow it with:
stands-then-undo = Then, to take the settings back:

## Time

span-s = { $s } s
span-min = { $m } min { $s } s
span-h = { $h } h
span-d = { $d } days
license-valid-to = valid to { $date } (+{ $days } days)
license-valid-to-plain = valid to { $date }
license-ended-on = ended on { $date } (+{ $days } days)

## Overview

screen-overview-looking = Looking at the installation, the cloud and this server.
screen-overview-none = Billing sync is not set up yet.
status-not-set-up = Billing sync is not set up yet: { $done ->
    [one] 1 of 4 steps is done
   *[other] { $done } of 4 steps are done
}.
screen-overview-all = Billing sync is set up and works.
screen-overview-unseen = Step 1 is done. Only a sign-in shows whether the rest is.
screen-overview-unseen-hint = k signs in with an owner's API key; or go on with step 2.
screen-overview-failed-hint = d shows what was seen, and what mends it.
screen-overview-mended-hint = Step { $n } mends it. d shows what was seen.
screen-overview-about = Four steps, about 15 minutes. bwsync is not made by Bitwarden.
screen-overview-about-done = d looks for faults, s shows how the sync stands.
label-installation = Installation
screen-overview-installation-value = { $flavour } { $version }, owner { $owner }: { $path }
screen-overview-id = Installation id
screen-overview-cloud-license = License in the cloud
screen-overview-hosts = Hosts asked
screen-overview-demo = A demo: nothing but this machine is contacted, and nothing is real.
screen-overview-hosts-none = none yet
screen-overview-need = You will need
screen-overview-need-restart = step 1: about { $seconds } s without the web vault
screen-overview-need-cloud = step 2: an owner in the cloud, in a browser
screen-overview-need-owner = steps 3, 4: an owner here, in a browser or by API key
screen-flavour-standard = standard
screen-flavour-lite = Lite
screen-flavour-hand-made = hand-made
screen-id-known = known in the { $region }, enabled
screen-id-known-key = known in the { $region }, enabled; key accepted
screen-id-known-key-rejected = known in the { $region }, enabled; key rejected
screen-id-disabled = known in the { $region }, but disabled
screen-id-unknown = known in neither the US nor the EU
screen-id-open = no region answered clearly; the file says { $region }
license-none = none on this server yet
screen-cloud-license-known = known there
screen-cloud-license-token-missing = known there; only the token is missing
screen-cloud-license-unknown = not accepted there: d shows why
screen-not-asked = not asked
screen-ms = { $n } ms

## Choosing

screen-choose-installation = Two or more installations are here. Which one?
screen-choose-organization = This server has several organizations. Which one?
screen-choose-region = The cloud did not say which region the installation id belongs to. Which one is it? It is the one that was chosen when the id was made on bitwarden.com/host.
screen-region-us = US: bitwarden.com
screen-region-eu = EU: bitwarden.eu

## Questions

screen-question-apply = Restart the server?
screen-question-apply-cost = About { $seconds } s without the web vault, new sign-ins and saving.
screen-question-apply-change = { $count ->
    [0] No setting changes: the file is right already.
    [one] 1 setting changes in { $file }; the old file is kept.
   *[other] { $count } settings change in { $file }; the old file is kept.
}
screen-question-apply-yes = Yes, write and restart
screen-question-restart-yes = Yes, restart
screen-question-write = Write the settings?
screen-question-write-cost = The server keeps running as it is; they count after its next restart.
screen-question-write-yes = Yes, write
screen-question-undo = Put the old settings back?
screen-question-undo-cost = Only what bwsync set is taken back. Then the server restarts: about { $seconds } s without the web vault.
screen-question-undo-yes = Yes, put back and restart
screen-question-undo-down = Only what bwsync set is taken back. The server is down: it is then started from the images that are here, without a pull.
screen-question-undo-down-yes = Yes, put back and start
screen-question-anyway = Go on anyway?
screen-question-anyway-failed = A check failed: billing sync may not work afterwards. The server is restarted all the same.
screen-question-anyway-unchecked = The cloud could not be asked: billing sync may not work afterwards. The server is restarted all the same.
screen-question-anyway-root = This installation belongs to root: the script runs as root.
screen-question-anyway-yes = Yes, go on
screen-question-leave = Leave now?
screen-question-leave-apply = The restart goes on without bwsync. "bwsync resume" follows it and says how it went.
screen-question-leave-other = The server is being asked to change something; whether it did is not seen.
screen-question-leave-yes = Yes, leave
screen-question-no = No, go back

## Step 1

region-cloud = Your installation id belongs to the { $region } cloud.
region-option = You chose the { $region } cloud.
region-file = The cloud did not say which region it is; the file's own settings say { $region }.
screen-plan-choose = Before anything is written, g says which region it is.
screen-plan-changes = { $count ->
    [one] One setting changes so that this server talks to it.
   *[other] { $count } settings change so that this server talks to it.
}
screen-plan-nothing = All settings are right and the server has them. Nothing to do here.
screen-plan-restart = The settings are right already; the server has not been restarted since.
screen-plan-none = What would change could not be worked out.
screen-plan-looking = Looking at what would change.
screen-plan-push = Push stays off: config.yml says push_notifications: false.
screen-plan-checked = Checked
screen-plan-checked-all = the cloud answers this machine, key accepted
screen-plan-checked-running = still running
screen-plan-checked-open = not everything could be checked: d shows what
screen-plan-cost = Cost
screen-plan-cost-value = about { $seconds } s: no web vault, no new sign-ins, no saving; apps that are signed in show what they have
screen-plan-undo = Undo
screen-plan-undo-value = bwsync undo, without network or Docker
plan-later =
    { $count ->
        [one] A later rebuild or update by bitwarden.sh would drop one line: a comment or a line without =.
       *[other] A later rebuild or update by bitwarden.sh would drop { $count } lines: comments and lines without =.
    }
phase-gate = Check what must hold before anything is written
phase-pull = Pull the images while the server runs
phase-write = Write the settings, keep the old file
phase-compose-config = Compose reads the new file
phase-restart = Stop and start the containers
screen-phase-containers = Containers: { $up } of { $all } run again
phase-up = Start the containers from the images that are here
phase-answer = Wait until the server answers
phase-prove = See that the running server has the new settings
phase-ask-cloud = Ask the cloud about the token
phase-sign-in = Sign in on this server
phase-save-connection = Save the connection
phase-remove-connection = Remove the connection
phase-trigger-sync = Trigger the sync
phase-read-status = Read how it stands
screen-phase-skipped = not needed
screen-run-as = as { $user }; goes on without you
screen-apply-done = This server can talk to the { $region } cloud now.
screen-apply-done-restarted = The settings are written; the server was restarted and answers.
screen-apply-done-proved = The running server has the new settings.
screen-apply-done-not-proved = Whether the running server has the new settings could not be seen: that takes Docker rights. Step 4 shows it.
screen-apply-done-written = The settings are written. They count after a restart:
screen-apply-done-backup = The old file is kept:
screen-apply-done-next = Next is the token: step 2 needs only a browser.
screen-apply-nothing-written = Nothing was written.
screen-apply-failed-unknown = It did not go as planned. Whether the server answers is not known.
screen-apply-failed-untouched = It did not go as planned. The server was not restarted.
screen-apply-failed-up = It did not go as planned. The server is up.
screen-resume-running = An earlier run was interrupted. bwsync looks where it stands.
screen-commands-none = None so far.
screen-commands-title = Every command that was run, as it can be typed
screen-apply-failed-down-now = The server is down.
screen-undo-running = Putting the old settings back.
screen-undo-back = The old settings are back in the file.
screen-undo-not-back = The settings were not put back.
screen-undo-up = The server answers.
screen-undo-down = The server does not answer.
screen-undo-not-seen = Whether the server answers was not seen.

## Step 2

screen-obtain-who = An owner of the cloud organization does this in a browser, on any machine.
screen-obtain-done = This server has a token already. A new one is needed only after "Rotate token".
screen-obtain-path = In the cloud web app: product switcher › Admin Console › Billing › Subscription, section Self-hosting:
screen-obtain-first = "Set up billing sync"
screen-obtain-first-when = the first time, or
screen-obtain-again = "View Billing Token"
screen-obtain-again-when = if one was generated before; it still works
screen-obtain-then = then "Generate token" or "Continue", with the master password.
page-address = The address of that page:
screen-obtain-start = Start here; the organization's own page is not known yet:
screen-obtain-copy = Copy the token: 30 letters and digits. It can be shown again later; only "Rotate token" makes an old one invalid.
screen-obtain-no-button = No such button?
screen-obtain-no-button-why = You are not an owner there, or the plan is not Enterprise.

## Step 3

screen-token-license = License on this server: { $plan }. No upload needed.
screen-token-license-missing = There is no license on this server yet. Upload it first: in the cloud, { $download } asks for the installation id; here, it is uploaded when the organization is created, or under { $upload }.
screen-token-license-unknown = Whether the license must be uploaded first could not be seen.
screen-label-download = "Download license"
screen-label-upload = "Manual upload"
screen-token-label = Token
screen-token-empty = Paste it, or type the path of a file that holds it.
screen-token-short = { $n ->
    [one] 1 character is missing.
   *[other] { $n } characters are missing.
}
screen-token-good = 30 letters and digits. Only the cloud can tell whether it is right: Enter asks.
screen-token-long = { $n ->
    [one] 1 character too many: a token has 30.
   *[other] { $n } characters too many: a token has 30.
}
screen-token-bad-character = Character { $at } is not in any token: only letters and digits are.
screen-token-path = Enter reads it from this file.
screen-token-asking = asking the cloud, { $span }
screen-token-accepted = The cloud accepts it for { $organization }.
screen-token-accepted-plain = The cloud accepts it.
screen-token-not-asked = The cloud could not be asked. That says nothing about the token.
screen-other-installation-key = 20 characters: an installation key looks so. It stays in global.override.env; the token is made in step 2.
screen-other-id = That is an id, not a token. The token is made in step 2.
screen-other-personal-client-id = That is the client_id of a personal API key. It goes into the sign-in, after this.
screen-other-organization-client-id = That is an organization's API key. It has no use here; the token is made in step 2.
screen-other-installation-client-id = That is the client_id of an installation. The token is made in step 2.
screen-other-jwt = That is a bearer or license token of another kind. The billing sync token is made in step 2.
screen-other-license = That is a license file. It is uploaded in the Admin Console, not pasted here.
screen-other-address = That is a web address. The token is on the page of step 2.
screen-ways-who = Who saves it on { $server }?
screen-ways-browser = I do, in the browser
screen-ways-browser-more = No sign-in here. bwsync shows the clicks; what it cannot check, it says.
screen-ways-key = bwsync does, with an owner's personal API key of this server
screen-ways-key-more = The owner gets a mail about a new device. The key is not stored.
screen-demo-token = In the demo: Enter on the empty field takes it from this file.
screen-demo-key = In the demo: Enter on the empty fields takes it from this file.
screen-browser-where = In the Admin Console of this server, as an owner:
screen-browser-1 = Billing › Subscription, section "License and billing management"
screen-browser-2 = Choose "Automatic sync"
screen-browser-3 = "Manage Billing Token" (the help page says "Manage billing sync")
screen-browser-4 = Paste the token, "Save"
screen-browser-silent = That dialog says nothing when it fails: it just stays open.
screen-browser-unseen = Without a sign-in bwsync cannot see whether it was saved. Step 4 shows it: the license syncs, or does not.

## Signing in

screen-login-title = Sign in on { $server } as an owner
screen-login-where = The personal API key of an owner, of this server and not of the cloud: Settings › Security › Keys › "View API key".
screen-login-mail = The owner gets a mail about a new device, named after this machine. The key stays in memory only.
screen-login-id = client_id
screen-login-secret = client_secret
screen-login-hint = Or the path of a file with BW_CLIENTID= and BW_CLIENTSECRET=.
screen-login-not-personal = A personal API key begins with "user.".

## Step 4

screen-sync-what = The sync brings the license as the cloud has it now: dates, seats, plan.
screen-sync-connection-saved = The token is saved on this server.
screen-sync-two-ways = Two equal ways:
screen-sync-key = bwsync triggers it
screen-sync-key-more = with the API key of an owner of this server
screen-sync-key-ready = you are signed in
screen-sync-browser = You press "Sync License"
screen-sync-browser-more = Billing › Subscription; then r looks again
sync-done = The license is synced.
screen-sync-done-before = The license was synced { $ago }.
sync-before = before
sync-after = after
label-last-sync = Last license sync
label-valid-to = Valid to
license-until = { $end } (+{ $days } days)
label-seats = Seats
label-plan = Plan
license-no-limit = no limit
sync-only-asked = License sync runs only when somebody asks: bwsync sync, or the button "Sync License". Sponsorships are sent by the server once a day.
screen-sync-members = Members now find "Free Bitwarden Families" in their own settings. A request reads "Requested" until the daily run has sent it.
screen-sync-not-seen = Nothing was changed on this server.

## Status

status-never = Set up as far as can be seen, but never synced.
screen-status-unknown = How the sync stands could not be seen.
screen-status-reading = Reading how it stands.
screen-status-last = last
screen-status-seen = seen in
label-license-sync = License sync
label-sponsorship-sync = Sponsorship sync
label-next = next
sync-next-asked = only when somebody asks: bwsync sync
sync-next-between = between { $after } and { $before } UTC
label-connection = Connection
connection-unseen-key = seen only with a sign-in: k
connection-on = saved and switched on
connection-off = saved, but switched off
connection-empty = saved, but without a token
label-license = License
screen-status-steps = Steps
seen-log = log
seen-license-file = license file
seen-api = server

## Diagnose

screen-diagnose-good = Nothing is wrong, as far as was looked.
screen-diagnose-running = Looking.
screen-diagnose-before-restart = Step 1 is at work. What stands below was seen before.
screen-diagnose-here = On this machine

## Help

screen-help-title = Keys
screen-help-field = In a text field only Enter, Tab, Esc and editing act.

## After leaving

screen-bye-synced = bwsync: billing sync for { $name } is set up and synced.
screen-bye-open = bwsync: billing sync for { $name }: step { $step } is next ({ $title }).
screen-bye-nothing = nothing was changed in this run
screen-bye-changed = changed
screen-bye-settings = { $count ->
    [one] 1 setting
   *[other] { $count } settings
} in { $file }
screen-bye-connection = connection to the cloud
screen-bye-connection-tail = connection to the cloud (token ends in { $tail })
screen-bye-license = license
screen-bye-put-back = the old settings are back
screen-bye-perhaps-connection = perhaps the connection: the server did not say; bwsync status with the key does
screen-bye-perhaps-license = perhaps the license: the server did not say; bwsync status with the key does
screen-bye-before = earlier
screen-bye-resume = resume
screen-bye-wrong = wrong
screen-bye-running = running
screen-bye-running-restart = the restart goes on; bwsync resume says how it went
screen-bye-running-other = the server was still being asked; bwsync status says what it has
screen-bye-undo = undo
screen-bye-go-on = go on
screen-bye-look = look
screen-bye-this-server = this server
screen-plain-back = Enter goes back to the full screen.

## The four steps

step-title-configure = Enable cloud communication
step-title-obtain-token = Retrieve billing sync token
step-title-apply-token = Apply billing sync token
step-title-trigger-sync = Trigger sync
step-tab-configure = Configure
step-tab-obtain-token = Obtain token
step-tab-apply-token = Apply token
step-tab-trigger-sync = Trigger sync
step-note-looking = looking
step-note-configure-on = on, { $value }
step-note-configure-running = at work
step-note-configure-off = a restart: { $value } s without web vault
step-note-configure-restart = written; the restart is left
step-note-configure-region-open = the cloud did not say which region
step-note-configure-other-region = not set for the { $value } cloud
step-note-configure-unknown = could not be worked out
step-note-obtain-token-done = this server has one
step-note-obtain-token-accepted = you have one that the cloud accepts
step-note-obtain-token-owner = an owner generates it in the cloud
step-note-apply-token-done = saved on this server
step-note-apply-token-missing = this server has no connection yet
step-note-apply-token-license = the license must be uploaded first
step-note-apply-token-unknown = only a sign-in shows it
step-note-trigger-sync-done = synced
step-note-trigger-sync-done-at = last on { $value }
step-note-trigger-sync-never = never synced yet
step-note-trigger-sync-unknown = unknown until step 3

## What keys do, as the keys line says it

key-enter-step = step { $value }
key-back = back
key-back-kept = back, kept
key-help = help
key-quit = quit
key-again = again
key-diagnose = diagnose
key-status = status
key-language = language
key-apply = apply and restart
key-apply-again = apply again
key-restart = restart
key-write = write only
key-undo = undo
key-anyway = go on anyway
key-region = choose region
key-next-step = next step
key-to-step-3 = step 3
key-read-meanwhile = read step 2 meanwhile
key-plain = print, to copy
key-plain-output = output
key-plain-command = { key-plain }
key-without-pull = apply, no pull
key-up = up, no pull
key-plain-steps = { key-plain }
key-have-it = I have it
key-verify = ask the cloud
key-ways = who saves it
key-choose-way = choose
key-token-field = token
key-saved-it = I saved it
key-sign-in = go on
key-other-field = other field
key-done = done
key-trigger = sync now
key-trigger-again = sync again
key-look-again = look again
key-refresh = refresh
key-see-more = sign in
key-choose-installation = this one
key-choose-organization = { key-choose-installation }
key-choose-region = { key-choose-installation }
key-yes-apply = yes
key-yes-write = { key-yes-apply }
key-yes-undo = { key-yes-apply }
key-yes-anyway = { key-yes-apply }
key-yes-leave = { key-yes-apply }
key-no = no, go back

## What keys do, as the help says it

key-about-go = go on, choose
key-about-back = back; typed text stays
key-about-next = next field or list
key-about-move = move, scroll
key-about-sideways = step before, step after
key-about-page = scroll
key-about-row = row or step by number
key-about-apply = step 1: write and restart
key-about-write = step 1: write only
key-about-undo = put the old settings back
key-about-anyway = go on despite a check
key-about-region = choose the region
key-about-again = look again
key-about-plain = print plainly, to copy
key-about-sign-in = sign in, to see more
key-about-trigger = trigger the sync
key-about-diagnose = what is wrong
key-about-status = how the sync stands
key-about-commands = commands that were run
key-about-start-here = start without pulling
key-about-language = next language
key-about-help = this help
key-about-quit = leave
key-about-yes = yes, to a question
key-about-no = no, to a question
key-about-interrupt = leave, from anywhere
key-about-redraw = draw anew

### ---- The command line: causes, advice, evidence and what commands print. Append below. ----

## Causes: each a whole sentence that says what is true

cause-install-not-found = No Bitwarden installation was found here.
cause-install-ambiguous = There is more than one Bitwarden installation, and which one is meant is not clear.
cause-install-not-readable = You have no right to read the installation.
cause-install-not-writable = You have no right to write the settings of the installation.
cause-install-wrong-owner = A file of the installation belongs to another user than the installation does.
cause-install-unsupported-flavour = This kind of installation is not one that bwsync can set up.
cause-install-not-bitwarden = This is Vaultwarden, another server than Bitwarden's: billing sync with the Bitwarden cloud is not for it.
cause-env-missing = The settings file global.override.env is missing.
cause-env-unparsable = The settings file has a line that Docker Compose refuses.
cause-env-crlf = The settings file has the line ends of Windows.
cause-env-bom = The settings file begins with an invisible byte order mark.
cause-env-several-settings-on-one-line = Several settings stand on one line, so only the first counts.
cause-env-two-spellings = A setting stands there in two spellings, and which one counts changes from start to start.
cause-env-duplicate-key = A setting stands there more than once; the last one counts.
cause-env-quoted-boolean = A switch stands in quotes, with which the server cannot start where they reach it.
cause-env-misspelt-key = A setting's name is misspelt, so the server ignores it silently.
cause-env-interpolation = A value holds a dollar sign with which Docker Compose fills in something else.
cause-env-invalid-value = A setting has a value with which the server cannot start.
cause-env-not-effective = The running server does not have the settings that the file has.
cause-config-cloud-communication-off = Communication with the Bitwarden cloud is not switched on yet.
cause-config-half-region = The settings belong to two regions at once.
cause-config-bad-url = An address in the settings is not a valid one.
cause-dns-not-found = The name of a Bitwarden host cannot be resolved: the DNS says that it does not exist.
cause-dns-timeout = The DNS server does not answer.
cause-dns-server-failure = The DNS server answers with a failure of its own.
cause-tcp-refused = The connection is refused.
cause-tcp-timeout = Nothing answers at that address; a firewall may be dropping the packets.
cause-tcp-unreachable = There is no route to that address.
cause-tcp-reset = The connection is cut off as soon as it stands.
cause-proxy-unreachable = The proxy cannot be reached.
cause-proxy-auth-required = The proxy wants a user name and password.
cause-proxy-denied = The proxy does not let the connection through.
cause-tls-intercepted = Something decrypts the TLS connection to Bitwarden.
cause-tls-untrusted = The certificate is issued by nobody that is trusted here.
cause-tls-expired = The certificate has expired.
cause-tls-not-yet-valid = The certificate is not valid yet.
cause-tls-name-mismatch = The certificate is for another name.
cause-tls-handshake = The TLS connection cannot be set up.
cause-http-block-page = A web filter answers in place of Bitwarden.
cause-http-redirected = The request is redirected to another address, which Bitwarden does not do.
cause-http-unexpected-status = The answer is not one that Bitwarden gives.
cause-http-server-error = The host answers that it has a fault of its own.
cause-http-rate-limited = Too many requests came from this address; the host wants us to wait.
cause-http-get-with-body-blocked = Something on the way refuses the license request, which is a GET with a body.
cause-http-timeout = The host took the request and did not answer in time.
cause-installation-id-missing = The settings hold no usable installation id.
cause-installation-id-unknown = No region of the Bitwarden cloud knows this installation id.
cause-installation-wrong-region = The server is set up for another region than its installation id belongs to.
cause-installation-disabled = The Bitwarden cloud has this installation id switched off.
cause-installation-key-rejected = The Bitwarden cloud rejects the installation key.
cause-license-missing = No organization license has been uploaded to this server yet.
cause-license-unreadable = The license file cannot be read.
cause-license-trailing-data = There is more in the license file than the license, and the server stumbles over it.
cause-license-expired = The license has expired.
cause-license-not-yet-valid = The license is not valid yet.
cause-license-wrong-installation = The license was made for another installation id.
cause-license-version-unsupported = The license is newer than this server understands.
cause-license-org-disabled = The organization is disabled.
cause-license-plan-without-sync = The organization's plan does not include billing sync.
cause-license-plan-shrank = The organization uses more than its new license allows.
cause-license-duplicate-key = Another organization on this server already has this license.
cause-license-stale-key = The license on this server is outdated: its license key is not the organization's any more.
cause-license-organization-not-in-region = This region of the cloud does not know the license's organization.
cause-license-payment-issue = The cloud gives no license because a payment is outstanding.
cause-license-no-subscription = The organization has no subscription in the cloud.
cause-license-wrong-kind = This license is not one for an organization.
cause-license-not-writable = The server cannot store the license that it received.
cause-server-not-seen = Whether the self-hosted server answers could not be seen.
cause-server-down = The self-hosted server does not answer.
cause-server-starting = The self-hosted server is still starting.
cause-server-unhealthy = The self-hosted server answers, but a part of it does not work.
cause-server-tls-untrusted = The self-hosted server's own certificate is not trusted here.
cause-server-unreachable-by-name = The server cannot be reached by its name from this machine, but it answers on its own port.
cause-server-not-bitwarden = What answers at the server's address is not Bitwarden.
cause-server-not-self-hosted = That address is the Bitwarden cloud, not a self-hosted server.
cause-login-api-key-rejected = The self-hosted server rejects this API key.
cause-login-not-owner = This account is not an owner of the organization on this server.
cause-login-org-not-found = The self-hosted server does not know this organization.
cause-login-client-version-refused = The self-hosted server wants a newer client than this release of bwsync is.
cause-login-device-refused = The self-hosted server does not accept this machine as a new device.
cause-login-legacy-account = This account still has an old kind of encryption and must sign in to the web app first.
cause-token-wrong-kind = This is not a billing sync token but something else.
cause-token-malformed = This is not a whole billing sync token: that has 30 letters and digits.
cause-token-rejected = The Bitwarden cloud rejects the billing sync token.
cause-token-never-generated = No billing sync token was ever generated for this organization in the cloud.
cause-connection-missing = No billing sync token is saved on this server yet.
cause-connection-disabled = The connection to the cloud is saved on this server, but switched off.
cause-connection-empty-token = The connection to the cloud is saved on this server without a token.
cause-connection-stale-organization = The saved connection points to another cloud organization than the license does.
cause-sync-never = The license has never been synced yet.
cause-sync-refused = The server could not sync the license.
cause-restart-script-missing = The script that restarts the server, bitwarden.sh, is missing.
cause-restart-script-not-a-script = The file bitwarden.sh is not a script.
cause-restart-script-not-executable = The installation's owner may not run bitwarden.sh.
cause-restart-script-of-others = Another user could change the script that is run for the restart.
cause-restart-prompt-mid-restart = The installed run.sh asks a question in the middle of a restart, which would leave the server down.
cause-restart-port-in-use = Something else holds a port that the restart needs.
cause-restart-env-refused = Docker Compose would not start the server with this settings file.
cause-restart-registry-unreachable = The image registry does not answer, so a restart would leave the server down.
cause-restart-registry-refused = The image registry answers and refuses the images, so a restart would leave the server down.
cause-restart-pull-failed = The restart stopped because the images could not be pulled.
cause-restart-script-failed = The restart ended with an error, but the server answers and is as good as before.
cause-restart-compose-failed = Docker Compose ended with an error.
cause-restart-container-unhealthy = A part of the server did not come up after the restart.
cause-restart-container-ended = A part of the server does not stay up after the restart.
cause-restart-disk-full = The disk is full.
cause-restart-docker-unreachable = Docker does not answer this user.
cause-restart-pending = The settings are written, but the server has not been restarted since.

## What became of the settings file after a restart that did not come out well

file-back-up = The old settings file is back, and the server runs with it.
file-back-down = The old settings file is back. The server was started with it and still does not answer.
file-back-unknown = The old settings file is back, and the server was started with it. Whether it answers is not known.
file-ours-back = Somebody changed the settings file meanwhile: that stays, and the settings that bwsync wrote are taken back.
file-not-back = What was written stopped the server, and the old file could not be put back: somebody changed it meanwhile, or it cannot be written.
file-stays-unproven = The settings file stays as it was written: nothing shows that it is the reason.
file-stays-other = The settings file stays as it was written: what stopped the server is a setting that this run did not write.

## Advice: what to do next

advice-point-to-installation = Say where it is: --dir and the folder that holds bwdata.
advice-point-to-server = Give the address of your own Bitwarden server: --server, or url in config.yml. No key was sent to this one.
advice-choose-installation = Say which one is meant with --dir.
advice-choose-organization = Say which organization is meant with --org.
advice-choose-region = Name the region with --region us or --region eu.
advice-run-as-owner = Run it as the owner of the installation:
advice-fix-env-file = Put that line of the file right.
advice-remove-spelling = Keep one of the two spellings and remove the other.
advice-split-line = Put each setting on a line of its own.
advice-unix-line-ends = Save the file with the line ends of Unix (in vi: :set ff=unix).
advice-remove-bom = Save the file without a byte order mark (in vi: :set nobomb).
advice-rename-setting = Write the name as expected, or take the line out where the setting stands there already.
advice-quote-dollar = Write each $ of the value twice, or put the value in single quotes.
advice-fix-compose-override = Take the setting out of docker-compose.override.yml, or give it the expected value there.
advice-set-here = Set it in this file.
advice-apply-settings = Have bwsync write the settings and restart:
advice-check-dns = Look at the DNS of this machine: it must resolve public names.
advice-open-firewall = Have the firewall let port 443 out to this host.
advice-check-proxy = Look at the proxy settings (HTTPS_PROXY, NO_PROXY), and ask who runs the proxy.
advice-exempt-from-inspection = Have this host left out of TLS inspection, or make the inspection's root certificate known to the server.
advice-trust-root = Make the root certificate known:
advice-check-clock = Compare the clock of this machine with the right time.
advice-wait-and-retry = Wait a little and try again.
advice-new-installation-id = Get an installation id and key for this region at bitwarden.com/host, and put both into global.override.env (globalSettings__installation__id and __key):
advice-ask-support = Ask Bitwarden's support about it.
advice-upload-license = Download the license in the cloud's Admin Console and upload it on this server.
advice-renew-plan = Look at the organization's subscription in the cloud.
advice-start-server = Start the server:
advice-start-without-pull = Start the containers without pulling:
advice-continue = Let the stopped restart go on:
advice-look-at-logs = Look at the server's logs:
advice-give-ca-certificate = Give the certificate of its issuer with --cacert FILE.
advice-give-api-key = Give an owner's personal API key for this server: --api-key-file FILE.
advice-use-owners-key = Use the personal API key of an owner, from this server's web app: Settings, Security, Keys.
advice-generate-token = Have an owner of the organization show or generate the token in the cloud:
advice-paste-whole-token = Copy the whole token: 30 letters and digits, nothing else.
advice-save-token = Save the token on this server:
advice-trigger-sync = Sync the license:
advice-restart-server = Restart the server:
advice-restore-script = Put Bitwarden's own bitwarden.sh back.
advice-renew-run-script = Fetch the current run.sh, which asks nothing:
advice-free-port = Free the port.
advice-remove-leftover = Remove the container that was left behind:
advice-name-server = Name the server's address with --server https://…, as the browser has it.
advice-set-elsewhere = Set these where this kind of installation keeps its settings, and restart it in its own way:
advice-make-executable = Make the script executable:
advice-give-script-back = Look at what stands there, then take it out of the other user's hands:
advice-free-disk = Make room on the disk.
advice-update-server = Update the server, after a backup of bwdata.
advice-give-docker-rights = Run it as a user who may use Docker, or as root.
advice-online = Leave --offline out, so that it can be asked.
advice-undo = Put the old settings back:
advice-write-only = Only write the settings, and restart yourself:
screen-advice-step = { $advice } Step { $n } does it.

## Evidence: labels of what was seen

evidence-host = Host
evidence-address = Address
evidence-port = Port
evidence-path = Path
evidence-line = Line
evidence-column = Column
evidence-key = Setting
evidence-value = Value
evidence-owner = Owner
evidence-group = Group of the file
evidence-mode = Rights on the file
evidence-label = SELinux label
evidence-containers = Containers run as
evidence-compose = Compose
evidence-started = Last start
evidence-status = HTTP status
evidence-issuer = Issued by
evidence-subject = Issued to
evidence-not-before = Valid from
evidence-not-after = Valid to
evidence-status-restart = Exit code
evidence-location = Redirected to
evidence-content-type = Kind of answer
evidence-message = It says
evidence-reason = Reason
evidence-errno = System error
evidence-proxy = Proxy
evidence-region = Region
evidence-organization = Organization
evidence-candidates = Candidates
evidence-candidates-install-not-found = Looked in
evidence-candidates-tls-name-mismatch = Valid for
evidence-candidates-install-ambiguous = Found
evidence-candidates-restart = Part of the server
evidence-candidates-env-invalid-value = { evidence-candidates-restart }
evidence-candidates-server-down = { evidence-candidates-restart }
evidence-candidates-server-not-seen = Containers
evidence-value-token-malformed = Characters
evidence-value-token-wrong-kind = { evidence-kind }
evidence-expected-token-malformed = Characters wanted
evidence-value-license-expired = Plan
evidence-expected = Expected
evidence-region-installation-wrong-region = The id belongs to
evidence-key-installation-wrong-region = Set for another
evidence-retry-after = Wait for (s)
evidence-words = In its own words
evidence-note = Note
evidence-lines = Lines
evidence-also = Also there
evidence-reader = Read otherwise by
evidence-kind = What it is

## Why a setting changes

why-enable = lets the server talk to the cloud
why-missing-for-region = is missing for this region
why-other-region = had another region's value
why-invalid = had a value that the server cannot use
why-quoted = stood in quotes, which not every reader takes off
why-put-back = is put back as it was
why-disable = switches the communication with the cloud off

## Reasons and notes among the evidence

reason-closed = the connection was closed without an answer
reason-broken-answer = the answer broke off
reason-no-host = it has no host name
reason-no-port = it has no port
reason-plain-http = it is plain http, and not on this machine
reason-scheme = it is no web address
reason-not-http = what answers does not speak HTTP
reason-not-tls = what answers does not speak TLS
reason-broken-message = the TLS conversation was garbled on the way
reason-nothing-in-common = there is no TLS version or cipher that both sides know
reason-no-protocol-version = there is no TLS version that can be used
reason-certificate = the certificate cannot be used
reason-head-too-large = the answer's head is far too large
reason-timeout = no answer in time
reason-target-unreachable = the proxy itself cannot reach the host
reason-unsupported-scheme = this kind of proxy is not supported
reason-offline = --offline: nothing was asked
reason-request = the request itself was refused
reason-client = these credentials are not known
reason-bearer-refused = the sign-in was accepted, what followed was not
reason-not-an-id = it is not an id
reason-not-a-boolean = it must be true or false
reason-not-a-number = it must be a number
reason-edit-would-change-other-settings = writing it would change another setting too
reason-space-in-key = there is a space in the name
reason-unexpected-character = there is a character that does not belong there
reason-unterminated-quote = a quotation mark is not closed
reason-bad-reference = a {"${…}"} reference is not written as Compose reads it
reason-missing-variable = a variable that must be there is missing
reason-nothing-to-export = after export there is no name
reason-too-large = it is far too large
reason-too-deep = references lead to references without end
reason-empty = it is empty
reason-not-json = it is not JSON
reason-camel-case = it is written with small first letters, as an API answers, not as a license file
reason-key = a field has not the form that it must have
reason-token = its signed token cannot be read
reason-open-to-others = anybody may write there
reason-symlink-of-another-user = a symbolic link of another user leads there
reason-lite = a Lite installation, in one container
reason-not-a-file = it is not a file
reason-no-shebang = its first line names no program that runs it
reason-html = an HTML page
reason-inodes = no more files can be made there
reason-windows = Windows, by bitwarden.ps1
reason-helm = Kubernetes, by the Helm chart
reason-vaultwarden = Vaultwarden
reason-demo = in the demo only what is simulated is asked
reason-connect-to = reached elsewhere, as --connect-to says
reason-address-unanswered = other addresses of the name did not answer
reason-own-name-resolves = its name resolves here too
reason-own-name-left-to-proxy = its name is left to the proxy
reason-subscription = the subscription is over
reason-token-license-expired = the license's own year is over; the subscription goes on
reason-expired = its time is over
reason-not-yet-valid = its time has not begun
reason-name = it is for another name
reason-unknown-issuer = its issuer is not known here
reason-bad-signature = its signature is not right
reason-revoked = it was revoked
reason-not-readable = it cannot be read
reason-wrong-purpose = it was made for another purpose
reason-not-a-server-certificate = it is not a server's own certificate
reason-not-accepted = it is not accepted
reason-no-roots = no root certificates are there to compare it with
reason-too-many-certificates = the chain is far too long
reason-empty-key = there is no name before the =
reason-host = it is no host name
reason-invalid-client = invalid_client: the id and the key do not belong together
reason-not-utf8 = bytes that are not UTF-8
reason-same-value = what it says counts anyway
reason-config-push-disabled-on-purpose = Push is switched off on purpose; billing sync does not need it.
reason-env-read-otherwise = Another program reads this line otherwise.
reason-config-region-spelling = Apps compare the region letter by letter: write it in capitals, without blanks.

## What was given in place of a token

other-installation-key = an installation key; it belongs in global.override.env
other-id = an installation or organization id
other-personal-client-id = the client_id of a personal API key
other-organization-client-id = the client_id of an organization's API key
other-installation-client-id = the client_id of an installation
other-jwt = a bearer or license token, not a billing sync token
other-license = the text of a license file; upload it on this server
other-address = a web address

## What commands print

cli-asking = Asking { $hosts }.
cli-server-down = The server is down.
cli-server-up = The server answers.
cli-phase-failed = Failed: { $phase }
cli-phase-skipped = Not needed or not possible: { $phase }

unknown = unknown
never = never
cli-not-set = (not set)
age-now = just now
age-minutes = { $count } min ago
age-hours = { $count } h ago
age-days =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
age-in-minutes = in { $count } min
age-in-hours = in { $count } h
age-in-days =
    { $count ->
        [one] in { $count } day
       *[other] in { $count } days
    }
license-seats =
    { $count ->
        [one] { $count } seat
       *[other] { $count } seats
    }
cli-next = Next:
cli-nothing-changed = Nothing was changed.

cli-fact-version = Version
cli-fact-owner = Owner
cli-fact-server = Server
cli-fact-file = File
cli-fact-backup = Old file kept in

cli-check-ok = Everything that was checked is in order.
cli-check-to-do = Nothing is wrong. Something is still to be done.
cli-check-warning = Nothing is broken. Something deserves a look.
cli-check-failed =
    { $count ->
        [one] One thing is wrong.
       *[other] { $count } things are wrong.
    }
cli-check-unknown = It could not be found out.
cli-check-nothing-checked = Nothing was checked.
cli-check-count = Checks: { $checks }. Causes: { $causes }.
cli-follows-from = follows from { $row }
from-file = In the files of the installation
from-machine = From this machine
from-container = From the containers
from-server = From the server
from-log = From the server's log
target-install = installation
target-env = settings
target-license = license
target-identity = identity
target-api = api
target-push = push
target-registry = registry
target-server = server
target-restart = restart
target-connection = connection
target-sync = sync
stage-name = name
stage-connect = connect
stage-proxy = proxy
stage-tls = TLS
stage-http = HTTP
stage-sign-in = sign-in
stage-license = license
stage-clock = clock
stage-syntax = syntax
stage-values = values
stage-region = region
stage-state = state
state-passed = good
state-warning = look
state-failed = failed
state-to-do = to do
state-skipped = skipped
state-running = running
state-unknown = unknown

cli-plan-nothing = Nothing would change: the settings are as they must be.
cli-plan-restart-only = The settings are right, but the running server does not have them yet.
cli-plan-changes =
    { $count ->
        [one] One setting would change in { $path }.
       *[other] { $count } settings would change in { $path }.
    }
cli-plan-next = To apply it:
cli-restart-as = The settings count after a restart, as the user { $user }:
cli-restart-after = The settings count after a restart:
cli-restart-cost = A restart takes about { $seconds } s: no web vault, no new sign-ins, no saving.
cli-consent = Nothing was changed yet. Do exactly this? [y/N]
cli-yes-letters = y
cli-not-consented = You did not say yes. Nothing was changed.

cli-apply-nothing = Nothing to do: the settings are as they must be.
cli-apply-written = The settings are written. The server was not restarted.
cli-apply-proved = The settings are written, and the running server has them.
cli-apply-restarted = The server was restarted and has the settings.
cli-apply-unproved = The server was restarted and answers. Whether it has the settings could not be seen.
cli-apply-refused = Nothing was changed.
cli-failed-down = Not everything went well, and the server does not answer.
cli-failed-up = Not everything went well. The server answers.
cli-failed-unknown = Not everything went well. Whether the server answers is not known.
cli-failed-untouched = Not everything went well. The server was not restarted.
cli-undo-with = This takes it back:
cli-undo-nothing = Nothing to put back.
cli-undo-would =
    { $count ->
        [one] One setting would be put back as it was.
       *[other] { $count } settings would be put back as they were.
    }
cli-undo-done = The settings are as they were before the last apply.
cli-undo-done-except = What bwsync had set is put back, except for what was changed since.
cli-undo-done-restarted = The settings are as they were before the last apply, and the server was restarted.
cli-undo-left = Left as it is, because it was changed since: { $key }
cli-undo-connection-stays = A connection that is saved on the server stays.
cli-disable-would = This would take billing sync back: the connection, then the switch.
cli-disable-nothing = Nothing to take back: no connection is saved, and the communication is off.
cli-disable-done = Billing sync is taken back.
cli-disable-rotate = The token was on this server: in the cloud, choose "Rotate token", so that nobody can use it any more.
cli-resume-up = The restart has ended and the server answers.
cli-resume-written = The settings are written; the server was not restarted yet.
cli-resume-before = Nothing was changed: the file is as it was before.

cli-token-accepted = The cloud accepts this token. Nothing was stored.
cli-token-saved = The cloud accepts this token, and the server has saved the connection.
cli-token-saved-unverified = The server has saved the connection. The cloud could not be asked about the token.
cli-token-saved-rejected = The server has saved the connection, but the cloud rejects the token.
cli-token-accepted-not-saved = The cloud accepts this token, but the connection was not saved.
cli-token-rejected = The cloud does not accept this token. Nothing was stored.
cli-token-is-none = This is not a billing sync token. Nothing was stored.
cli-token-not-asked = Whether the cloud accepts this token is not known. Nothing was stored.

sync-not-done = The license was not synced.

status-works = Billing sync is set up; the license was synced { $age }.
status-set-up = Billing sync is set up.
status-broken = Billing sync has a problem.
status-synced-rest-unknown = The license was synced { $age }; the rest could not be seen.
status-unknown = How billing sync stands is not fully known; { $done } of 4 steps are known to be done.
step-done = done
sync-next-about = about { $at } UTC
sync-next-after = after { $at } UTC
sync-next-before = before { $at } UTC
seen-in = seen in: { $places }
connection-unseen = unknown; an owner's API key would show it (--api-key-file)
connection-none = none is saved on this server
connection-saved = saved; whether it is switched on is unknown

## Why a command line is not carried out

cli-bad-variable = The variable { $name } cannot be used: { $why }.
cli-secret-as-argument = A secret is not taken as an argument: it stands in the shell's history now, and every user of this machine can see it in the list of processes. Put it in a file that only you can read and give --token-file FILE or --api-key-file FILE, or give - and the secret on standard input. Consider this one as seen.
cli-stdin-twice = Standard input (-) can be read once only: give one of the two secrets as a file.
cli-stdin-is-terminal = Standard input (-) is a terminal, where a secret would be shown. Leave the option out to be asked without echo, or use a pipe.
cli-secret-unreadable = { $path } cannot be read: { $why }
cli-secret-not-a-file = { $path } is neither a file nor a pipe.
cli-secret-foreign-owner = { $path } belongs to another user, who may have put anything into it. A secret file must be yours or root's.
cli-secret-open-to-others = Others can read or change { $path }. Make it yours alone: chmod 600 { $path }
cli-secret-too-large = { $path } is far larger than a secret is. Is it the right file?
cli-secret-not-text = { $path } holds no text. Is it the right file?
cli-api-key-unreadable = { $path } is not in the form of an API key file, two lines: BW_CLIENTID=… and BW_CLIENTSECRET=…
cli-missing =
    { $count ->
        [one] This is missing: { $flags }. The whole command:
       *[other] These are missing: { $flags }. The whole command:
    }
cli-ask-token = Billing sync token (it is not shown):
cli-ask-client-id = client_id of an owner's personal API key on this server (user.…):
cli-ask-client-secret = Its client_secret (it is not shown):
cli-not-written = The result could not be written: { $error }
cli-interrupted = Interrupted.
cli-restart-stopped = The restart was stopped from outside. To let it go on: kill -CONT -{ $pid }
cli-hung-up = The terminal went away.
cli-terminated = Ended from outside.
cli-stands-settings = The settings are written; bwsync undo takes them back.
cli-stands-connection = The connection is saved.
cli-stands-license = The license sync was triggered.
cli-stands-connection-perhaps = The connection may have been changed: the server had not answered yet. bwsync status --api-key-file FILE says what it has.
cli-stands-license-perhaps = The license sync may be done or still running: the server had not answered yet. bwsync status --api-key-file FILE says when the last one was.
cli-waits-for-answer = Waiting for the server to say what it did; once more ends it at once.
cli-stands-restarting = The restart goes on without bwsync; bwsync resume follows it to its end.
cli-wizard-needs-a-person = The wizard needs a person on a terminal: without one, give a command (bwsync --help).
cli-terminal-is-dumb = This terminal cannot show the wizard (TERM). These commands do the same without it:
cli-demo-in-demo = The demo is running already: give another command after --.
cli-demo-unknown-scenario = There is no scenario { $name }. These are there:

## Why a request ended, where it is no cause

problem-region-open = The region could not be concluded. Name it with --region us or --region eu: it is where your organization's cloud account is.
problem-region-contradicted = --region says something else than the cloud: the installation id belongs to the { $region } cloud. Leave --region out.
problem-region-contradicted-by-file = --region says something else than the file, which is set up for the { $region } cloud.
problem-locked = Another run of bwsync is at work here: { $holder }.
problem-locked-restart = A restart that was begun here goes on by itself: { $holder }. To follow it to its end:
problem-changed-since-plan = The file was changed after the plan was made. Nothing was written. This is the new plan:
problem-nothing-to-undo = There is no apply that could be taken back.
problem-nothing-to-resume = No run of bwsync was interrupted here.
problem-organization-open = Which organization is meant is not clear. Name it with --org: its id on this server, or in the cloud. There are: { $choices }
problem-api-key-missing = This needs an owner's personal API key for this server: --api-key-file FILE.
problem-cannot-restart = bwsync cannot restart this server by itself. Run these in this order:
problem-root-installation = This installation belongs to root, so the restart would run as root. If that is meant to be so: --accept-risk root-installation.
problem-offline = This cannot be done without contacting hosts that may not be contacted here.
problem-unheard-connection = The token was sent to the server, and the server did not say whether it saved it: the connection may have been saved. bwsync status --api-key-file FILE says what the server has.
problem-unheard-sync = The sync was triggered, and the server did not say how it went: it may be done, or still running. bwsync status --api-key-file FILE says when the last one was.
problem-token-unverified = The cloud could not be asked about this token, so it was not stored. To store it all the same: --accept-risk unverified-token.
problem-timed-out = The time that --timeout gives was over before all answers were there.
problem-unexpected = Something went wrong that should not: { $chain }

### English. Every other language has the same messages with the same arguments: the build checks it.
### Labels of Bitwarden's web app stand as the web app shows them in this language.

## The program

language-name = English

### ---- The command line: causes, advice, evidence and what commands print. Append below. ----

## Causes: each a whole sentence that says what is true

cause-install-not-found = No Bitwarden installation was found here.
cause-install-ambiguous = There is more than one Bitwarden installation, and which one is meant is not clear.
cause-install-not-readable = You have no right to read the installation.
cause-install-not-writable = You have no right to write the settings of the installation.
cause-install-wrong-owner = A file of the installation belongs to another user than the installation does.
cause-install-unsupported-flavour = This kind of installation is not one that bwsync can set up.
cause-env-missing = The settings file global.override.env is missing.
cause-env-unparsable = The settings file has a line that Docker Compose refuses.
cause-env-several-settings-on-one-line = Several settings stand on one line, so only the first counts.
cause-env-two-spellings = A setting stands there in two spellings, and which one counts changes from start to start.
cause-env-duplicate-key = A setting stands there more than once; the last one counts.
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
cause-license-wrong-organization = The license belongs to another organization.
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
cause-sync-not-asked = The server did not ask the cloud at all.
cause-sync-refused = The server could not sync the license.
cause-restart-script-missing = The script that restarts the server, bitwarden.sh, is missing.
cause-restart-script-not-a-script = The file bitwarden.sh is not a script.
cause-restart-script-not-executable = The installation's owner may not run bitwarden.sh.
cause-restart-env-refused = Docker Compose would not start the server with this settings file.
cause-restart-registry-unreachable = The image registry does not answer, so a restart would leave the server down.
cause-restart-pull-failed = The restart stopped because the images could not be pulled.
cause-restart-container-unhealthy = A part of the server did not come up after the restart.
cause-restart-disk-full = The disk is full.
cause-restart-docker-unreachable = Docker does not answer this user.
cause-restart-pending = The settings are written, but the server has not been restarted since.

## Advice: what to do next

advice-point-to-installation = Say where it is: --dir and the folder that holds bwdata.
advice-choose-installation = Say which one is meant with --dir.
advice-choose-organization = Say which organization is meant with --org.
advice-choose-region = Name the region with --region us or --region eu.
advice-run-as-owner = Run it as the owner of the installation:
advice-fix-env-file = Put that line of the file right.
advice-remove-spelling = Keep one of the two spellings and remove the other.
advice-split-line = Put each setting on a line of its own.
advice-set-here = Set it in this file.
advice-apply-settings = Have bwsync write the settings and restart:
advice-check-dns = Look at the DNS of this machine: it must resolve public names.
advice-open-firewall = Have the firewall let port 443 out to this host.
advice-check-proxy = Look at the proxy settings (HTTPS_PROXY, NO_PROXY), and ask who runs the proxy.
advice-exempt-from-inspection = Have this host left out of TLS inspection, or make the inspection's root certificate known to the server.
advice-trust-root = Make the root certificate known:
advice-check-clock = Compare the clock of this machine with the right time.
advice-wait-and-retry = Wait a little and try again.
advice-new-installation-id = Get an installation id and key for this region, and put both into the settings:
advice-ask-support = Ask Bitwarden's support about it.
advice-upload-license = Download the license in the cloud's Admin Console and upload it on this server.
advice-renew-plan = Look at the organization's subscription in the cloud.
advice-start-server = Start the server:
advice-start-without-pull = Start the containers without pulling:
advice-look-at-logs = Look at the server's logs:
advice-give-ca-certificate = Give the certificate of its issuer with --cacert FILE.
advice-give-api-key = An owner's personal API key for this server shows more: --api-key-file FILE.
advice-use-owners-key = Use the personal API key of an owner, from this server's web app: Settings, Security, Keys.
advice-generate-token = Have an owner of the organization show or generate the token in the cloud:
advice-paste-whole-token = Copy the whole token: 30 letters and digits, nothing else.
advice-save-token = Save the token on this server:
advice-trigger-sync = Sync the license:
advice-restart-server = Restart the server:
advice-restore-script = Put Bitwarden's own bitwarden.sh back.
advice-make-executable = Make the script executable:
advice-free-disk = Make room on the disk.
advice-update-server = Update the server, after a backup of bwdata.
advice-give-docker-rights = Run it as a user who may use Docker, or as root.
advice-online = Leave --offline out, so that it can be asked.
advice-undo = Put the old settings back:
advice-write-only = Only write the settings, and restart yourself:

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
evidence-status = HTTP status
evidence-issuer = Issued by
evidence-subject = Issued to
evidence-not-before = Valid from
evidence-not-after = Valid to
evidence-location = Redirected to
evidence-content-type = Kind of answer
evidence-message = It says
evidence-reason = Reason
evidence-errno = System error
evidence-proxy = Proxy
evidence-region = Region
evidence-organization = Organization
evidence-candidates = These are there
evidence-expected = Expected
evidence-retry-after = Wait for (s)
evidence-words = In its own words
evidence-note = Note

## Why a setting changes

why-enable = lets the server talk to the cloud
why-missing-for-region = is missing for this region
why-other-region = had another region's value
why-invalid = had a value that the server cannot use
why-put-back = is put back as it was

## Reasons and notes among the evidence

reason-closed = the connection was closed without an answer
reason-broken-answer = the answer broke off
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
reason-symlink-of-another-user = a symbolic link of another user leads there
reason-lite = a Lite installation, in one container
reason-demo = in the demo only what is simulated is asked
reason-connect-to = reached elsewhere, as --connect-to says
reason-address-unanswered = other addresses of the name did not answer
reason-own-name-resolves = its name resolves here too
reason-own-name-left-to-proxy = its name is left to the proxy

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
cli-phase-gate = Checking what must hold before anything is written
cli-phase-pull = Pulling the images while the server runs
cli-phase-write = Writing the settings, keeping the old file
cli-phase-compose-config = Having Compose read the new file
cli-phase-restart = Restarting the server
cli-phase-answer = Waiting until the server answers
cli-phase-prove = Proving that the running server has the settings
cli-phase-ask-cloud = Asking the cloud about the token
cli-phase-sign-in = Signing in on the server
cli-phase-save-connection = Saving the connection on the server
cli-phase-trigger-sync = Syncing the license
cli-phase-read-status = Reading how it stands

cli-unknown = unknown
cli-never = never
cli-not-set = (not set)
cli-before = before
cli-after = after
cli-now = just now
cli-ago-minutes = { $count } min ago
cli-ago-hours = { $count } h ago
cli-ago-days =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
cli-in-minutes = in { $count } min
cli-in-hours = in { $count } h
cli-in-days =
    { $count ->
        [one] in { $count } day
       *[other] in { $count } days
    }
cli-seats =
    { $count ->
        [one] { $count } seat
       *[other] { $count } seats
    }
cli-next = Next:
cli-nothing-changed = Nothing was changed.

cli-fact-installation = Installation
cli-fact-version = Version
cli-fact-owner = Owner
cli-fact-server = Server
cli-fact-file = File
cli-fact-backup = Old file kept in
cli-fact-connection = Connection

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
cli-from-file = In the files of the installation
cli-from-machine = From this machine
cli-from-container = From the containers
cli-from-server = On the self-hosted server
cli-from-log = In the server's log
cli-target-install = installation
cli-target-env = settings
cli-target-license = license
cli-target-identity = identity
cli-target-api = api
cli-target-push = push
cli-target-registry = registry
cli-target-server = server
cli-target-restart = restart
cli-target-connection = connection
cli-target-sync = sync
cli-stage-name = name
cli-stage-connect = connect
cli-stage-proxy = proxy
cli-stage-tls = TLS
cli-stage-http = HTTP
cli-stage-sign-in = sign-in
cli-stage-license = license
cli-stage-clock = clock
cli-stage-syntax = syntax
cli-stage-values = values
cli-stage-region = region
cli-stage-state = state
cli-state-passed = good
cli-state-warning = look
cli-state-failed = failed
cli-state-to-do = to do
cli-state-skipped = skipped
cli-state-unknown = unknown

cli-plan-nothing = Nothing would change: the settings are as they must be.
cli-plan-restart-only = The settings are right, but the running server does not have them yet.
cli-plan-changes =
    { $count ->
        [one] One setting would change in { $path }.
       *[other] { $count } settings would change in { $path }.
    }
cli-plan-next = To apply it:
cli-region-cloud = The { $region } cloud knows the installation id.
cli-region-option = Planned for the { $region } cloud, as --region says.
cli-region-file = Planned for the { $region } cloud, as the file has it; the cloud has not confirmed it.
cli-restart-as = The settings count after a restart, as the user { $user }:
cli-restart-after = The settings count after a restart:
cli-consent = Do exactly this? [y/N]
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

cli-token-accepted = The cloud accepts this token. Nothing was stored.
cli-token-saved = The cloud accepts this token, and the server has saved the connection.
cli-token-saved-unverified = The server has saved the connection. The cloud could not be asked about the token.
cli-token-saved-rejected = The server has saved the connection, but the cloud rejects the token.
cli-token-accepted-not-saved = The cloud accepts this token, but the connection was not saved.
cli-token-rejected = The cloud does not accept this token. Nothing was stored.
cli-token-not-asked = Whether the cloud accepts this token is not known. Nothing was stored.

cli-sync-done = The license is synced.
cli-sync-not-done = The license was not synced.
cli-sync-only-on-demand = The license is synced only when somebody asks for it; sponsorships are synced by the server once a day.
cli-license-last = Last license sync
cli-license-until = Valid to
cli-license-until-without-grace = Valid without grace to
cli-license-seats = Seats
cli-license-plan = Plan
cli-valid-until-with-grace =
    { $days ->
        [one] { $end } (and { $days } day of grace)
       *[other] { $end } (and { $days } days of grace)
    }

cli-status-works = Billing sync is set up; the license was synced { $age }.
cli-status-set-up = Billing sync is set up.
cli-status-broken = Billing sync has a problem.
cli-status-synced-rest-unknown = The license was synced { $age }; the rest could not be seen.
cli-status-unknown = How billing sync stands is not fully known; { $done } of 4 steps are known to be done.
cli-status-not-set-up = Billing sync is not set up yet; { $done } of 4 steps are done.
cli-step-configure = Enable cloud communication
cli-step-obtain-token = Retrieve billing sync token
cli-step-apply-token = Apply billing sync token
cli-step-trigger-sync = Trigger sync
cli-step-done = done
cli-step-to-do = to do
cli-clock-license = License sync
cli-clock-sponsorship = Sponsorship sync
cli-clock-next = {"  "}next
cli-clock-on-demand = only when somebody asks: bwsync sync
cli-clock-between = between { $after } and { $before }
cli-clock-about = about { $at }
cli-clock-after = after { $at }
cli-clock-before = before { $at }
cli-seen-in = seen in { $places }
cli-seen-log = the server's log
cli-seen-license-file = the license file
cli-seen-api = the server's API
cli-connection-unknown = unknown; an owner's API key would show it (--api-key-file)
cli-connection-none = none is saved on this server
cli-connection-on = saved, switched on
cli-connection-off = saved, switched off
cli-connection-saved = saved; whether it is switched on is unknown

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
cli-interrupted = Interrupted.
cli-hung-up = The terminal went away.
cli-terminated = Ended from outside.
cli-stands-settings = The settings are written; bwsync undo takes them back.
cli-stands-connection = The connection is saved.
cli-stands-license = The license sync was triggered.
cli-stands-restarting = The restart goes on without bwsync; bwsync check shows when the server answers.
cli-wizard-needs-a-person = The wizard needs a person on a terminal: without one, give a command (bwsync --help).
cli-terminal-is-dumb = This terminal cannot show the wizard (TERM). These commands do the same without it:
cli-demo-in-demo = The demo is running already: give another command after --.
cli-demo-unknown-scenario = There is no scenario { $name }. These are there:

## Why a request ended, where it is no cause

problem-region-open = The region could not be concluded. Name it with --region us or --region eu: it is where your organization's cloud account is.
problem-region-contradicted = --region says something else than the cloud: the installation id belongs to the { $region } cloud. Leave --region out.
problem-region-contradicted-by-file = --region says something else than the file, which is set up for the { $region } cloud.
problem-locked = Another run of bwsync is at work here: { $holder }.
problem-changed-since-plan = The file was changed after the plan was made. Nothing was written. This is the new plan:
problem-nothing-to-undo = There is no apply that could be taken back.
problem-organization-open = Which organization is meant is not clear. Name it with --org: its id on this server, or in the cloud.
problem-api-key-missing = This needs an owner's personal API key for this server: --api-key-file FILE.
problem-cannot-restart = bwsync cannot restart this server by itself. Run these in this order:
problem-root-installation = This installation belongs to root, so the restart would run as root. If that is meant to be so: --accept-risk root-installation.
problem-offline = This cannot be done without contacting hosts that may not be contacted here.
problem-token-unverified = The cloud could not be asked about this token, so it was not stored. To store it all the same: --accept-risk unverified-token.
problem-timed-out = The time that --timeout gives was over before all answers were there.
problem-unexpected = Something went wrong that should not: { $chain }

### Nederlands. Dezelfde berichten met dezelfde argumenten als en.ftl: de build controleert het.
### Labels van de webapp van Bitwarden staan er zoals de webapp ze in het Nederlands toont.

## Het programma

language-name = Nederlands

## Kader

screen-demo = DEMO
screen-more = PgDn: meer
screen-foot-nothing = Nog niets gewijzigd.
screen-foot-changed = Gewijzigd: { $what }.
screen-foot-put-back = De oude instellingen staan terug.
screen-foot-perhaps-connection = De verbinding is misschien opgeslagen.
screen-foot-perhaps-license = De licentie is misschien gesynchroniseerd.
screen-foot-down = Server ligt stil sinds { $time } UTC ({ $span }).
screen-foot-down-since = Server ligt stil sinds { $time } UTC.
screen-foot-up = Server herstart, werkt.
screen-changed-settings = { $count ->
    [one] 1 instelling
   *[other] { $count } instellingen
}
screen-changed-connection = verbinding
screen-changed-license = licentie
screen-notice-paste = Die geplakte tekst is weggelaten: een token hoort in stap 3.
screen-notice-fields = Beide velden zijn nodig, of het pad van een bestand met de sleutel.
screen-notice-token = De cloud wordt gevraagd zodra het 30 letters en cijfers zijn.
screen-notice-verify = bwsync bewaart alleen een token dat de cloud aanvaardt: Enter vraagt het.
screen-notice-restart-done = Stap 1 is klaar: de server is herstart.
screen-notice-restart-failed = Stap 1 ging niet zoals gepland: ga terug en kies 1.
screen-file-unreadable = Dat bestand is er niet, of mag niet gelezen worden.
screen-file-not-a-file = Dat is geen bestand.
screen-file-open = Anderen mogen dat bestand lezen: doe eerst chmod 600.
screen-file-foreign = Dat bestand is van iemand anders: het moet van jou of root zijn.
screen-file-empty = Dat bestand is leeg.
screen-file-not-a-secret = Dat bestand is te groot voor een geheim, of geen tekst.
screen-file-no-api-key = BW_CLIENTID= en BW_CLIENTSECRET= staan niet in dat bestand.

## Hoe het ervoor staat, over alle keren heen

stands-silent = De server antwoordt niet.
stands-restarting = Sinds { $since } UTC loopt een herstart: de server kan stilliggen.
stands-down = De server ligt stil sinds { $since } UTC.
stands-down-at-work = De server ligt stil sinds { $since } UTC; wat hem start is bezig.
stands-not-seen = Om { $since } UTC begon een herstart, en niemand zag hoe die afliep.
stands-nothing-here = Deze keer is niets gewijzigd.
stands-not-restarted = nog niet herstart
stands-changed = Gewijzigd op { $date }: { $what }.
stands-changed-edited = Gewijzigd op { $date }: { $what }; het bestand is daarna bewerkt.
stands-changed-restarted = Gewijzigd op { $date }: { $what }, herstart.
stands-changed-not-restarted = Gewijzigd op { $date }: { $what }, nog niet herstart.
stands-disabled = Uitgezet op { $date }.
stands-disabled-not-restarted = Uitgezet op { $date }, nog niet herstart.
stands-back = De oude instellingen staan terug sinds { $date }.
stands-back-not-restarted = De oude instellingen staan terug sinds { $date }, nog niet herstart.
stands-back-by-hand = Het env-bestand is weer zoals het voor bwsync was.
stands-connection = De verbinding is opgeslagen op { $date }.
stands-key = { $key } start hem met de images die hier zijn.
stands-step = Stap 1 heeft de opdrachten die hem starten.
stands-resume = bwsync resume volgt het.
stands-way-up = Start hem eerst, met de images die hier zijn:
stands-way-up-perhaps = Antwoordt hij niet, dan start dit hem met de images die hier zijn:
stands-way-up-perhaps-root = Docker antwoordt deze gebruiker niet. Antwoordt de server niet, dan start dit hem met de rechten van root, met de images die hier zijn:
stands-way-up-root = Docker antwoordt deze gebruiker niet. Start hem eerst met de rechten van root, met de images die hier zijn:
stands-way-up-key = { $key } start hem met de images die hier zijn. Hetzelfde met de hand:
stands-way-up-none = bwsync kent geen opdracht die deze server start: start hem zoals je dat gewend bent.
stands-follow-with = Volg het met:
stands-then-undo = Daarna, om de instellingen terug te zetten:

## Tijd

span-s = { $s } s
span-min = { $m } min { $s } s
span-h = { $h } u
span-d = { $d } dagen
license-valid-to = geldig tot { $date } (+{ $days } d)
license-valid-to-plain = geldig tot { $date }
license-ended-on = verlopen op { $date } (+{ $days } d)

## Overzicht

screen-overview-looking = Kijkt naar de installatie, de cloud en deze server.
screen-overview-none = Factureringssynchronisatie is nog niet ingesteld.
status-not-set-up = Factureringssynchronisatie is nog niet ingesteld: { $done ->
    [one] 1 van de 4 stappen is klaar
   *[other] { $done } van de 4 stappen zijn klaar
}.
screen-overview-all = Factureringssynchronisatie is ingesteld en werkt.
screen-overview-unseen = Stap 1 is klaar. Alleen na aanmelden is te zien of de rest dat is.
screen-overview-unseen-hint = k meldt aan met de API-sleutel van een eigenaar; of ga door met stap 2.
screen-overview-failed-hint = d toont wat er is gezien, en wat het verhelpt.
screen-overview-mended-hint = Stap { $n } verhelpt het. d toont wat er is gezien.
screen-overview-about = Vier stappen, ongeveer 15 minuten. bwsync is niet van Bitwarden.
screen-overview-about-done = d zoekt fouten, s toont hoe de synchronisatie ervoor staat.
label-installation = Installatie
screen-overview-installation-value = { $flavour } { $version }, eigenaar { $owner }: { $path }
screen-overview-id = Installatie-id
screen-overview-cloud-license = Licentie in de cloud
screen-overview-hosts = Gevraagde hosts
screen-overview-demo = Een demo: alleen deze machine wordt benaderd, en niets is echt.
screen-overview-hosts-none = nog geen
screen-overview-need = Dit is nodig
screen-overview-need-restart = stap 1: ongeveer { $seconds } s zonder webkluis
screen-overview-need-cloud = stap 2: een eigenaar in de cloud, in een browser
screen-overview-need-owner = stap 3, 4: een eigenaar hier, browser of API-sleutel
screen-flavour-standard = standaard
screen-flavour-lite = Lite
screen-flavour-hand-made = zelfgemaakt
screen-id-known = bekend in de { $region }, actief
screen-id-known-key = bekend in de { $region }, actief; sleutel aanvaard
screen-id-known-key-rejected = bekend in de { $region }, actief; sleutel geweigerd
screen-id-disabled = bekend in de { $region }, maar uitgeschakeld
screen-id-unknown = niet bekend in de US en niet in de EU
screen-id-open = geen regio antwoordde duidelijk; het bestand zegt { $region }
license-none = nog geen op deze server
screen-cloud-license-known = daar bekend
screen-cloud-license-token-missing = daar bekend; alleen het token ontbreekt
screen-cloud-license-unknown = daar niet aanvaard: d toont waarom
screen-not-asked = niet gevraagd
screen-ms = { $n } ms

## Kiezen

screen-choose-installation = Hier staan twee of meer installaties. Welke?
screen-choose-organization = Deze server heeft meerdere organisaties. Welke?
screen-choose-region = De cloud zei niet bij welke regio het installatie-id hoort. Welke is het? Het is de regio die gekozen is toen het id op bitwarden.com/host gemaakt werd.
screen-region-us = US: bitwarden.com
screen-region-eu = EU: bitwarden.eu

## Vragen

screen-question-apply = De server herstarten?
screen-question-apply-cost = Ongeveer { $seconds } s zonder webkluis, nieuwe aanmeldingen en opslaan.
screen-question-apply-change = { $count ->
    [0] Geen instelling verandert: het bestand is al goed.
    [one] 1 instelling verandert in { $file }; het oude bestand blijft bewaard.
   *[other] { $count } instellingen veranderen in { $file }; het oude bestand blijft bewaard.
}
screen-question-apply-yes = Ja, schrijven en herstarten
screen-question-restart-yes = Ja, herstarten
screen-question-write = De instellingen schrijven?
screen-question-write-cost = De server draait verder zoals hij is; ze gelden na de volgende herstart.
screen-question-write-yes = Ja, schrijven
screen-question-undo = De oude instellingen terugzetten?
screen-question-undo-cost = Alleen wat bwsync instelde wordt teruggenomen. Daarna herstart de server: ongeveer { $seconds } s zonder webkluis.
screen-question-undo-yes = Ja, terugzetten en herstarten
screen-question-undo-down = Alleen wat bwsync instelde wordt teruggenomen. De server ligt stil: daarna start hij met de images die hier zijn, zonder pull.
screen-question-undo-down-yes = Ja, terugzetten en starten
screen-question-anyway = Toch doorgaan?
screen-question-anyway-failed = Een controle faalde: misschien werkt de synchronisatie daarna niet. De server herstart hoe dan ook.
screen-question-anyway-unchecked = De cloud kon niet gevraagd worden: misschien werkt de synchronisatie daarna niet. De server herstart hoe dan ook.
screen-question-anyway-root = Deze installatie is van root: het script draait als root.
screen-question-anyway-yes = Ja, doorgaan
screen-question-leave = Nu stoppen?
screen-question-leave-apply = De herstart gaat door zonder bwsync. "bwsync resume" volgt hem en zegt hoe het afliep.
screen-question-leave-other = De server wordt gevraagd iets te wijzigen; of dat gebeurd is, wordt dan niet gezien.
screen-question-leave-yes = Ja, stoppen
screen-question-no = Nee, terug

## Stap 1

region-cloud = Je installatie-id hoort bij de { $region }-cloud.
region-option = Je koos de { $region }-cloud.
region-file = De cloud zei niet welke regio het is; het bestand zelf zegt { $region }.
screen-plan-choose = Voor er iets geschreven wordt: kies met g welke regio het is.
screen-plan-changes = { $count ->
    [one] Eén instelling verandert zodat deze server ermee praat.
   *[other] { $count } instellingen veranderen zodat deze server ermee praat.
}
screen-plan-nothing = Alle instellingen zijn goed en de server heeft ze. Hier is niets te doen.
screen-plan-restart = De instellingen zijn al goed; de server is sindsdien niet herstart.
screen-plan-none = Er kon niet bepaald worden wat er zou veranderen.
screen-plan-looking = Kijkt wat er zou veranderen.
screen-plan-push = Push blijft uit: config.yml zegt push_notifications: false.
screen-plan-checked = Gecontroleerd
screen-plan-checked-all = de cloud antwoordt deze machine, sleutel aanvaard
screen-plan-checked-running = nog bezig
screen-plan-checked-open = niet alles kon gecontroleerd worden: d toont wat
screen-plan-cost = Kosten
screen-plan-cost-value = ongeveer { $seconds } s: geen webkluis, geen nieuwe aanmeldingen, niets opslaan; aangemelde apps tonen wat ze hebben
screen-plan-undo = Ongedaan
screen-plan-undo-value = bwsync undo, zonder netwerk of Docker
plan-later =
    { $count ->
        [one] Een latere rebuild of update door bitwarden.sh zou één regel laten vallen: commentaar of een regel zonder =.
       *[other] Een latere rebuild of update door bitwarden.sh zou { $count } regels laten vallen: commentaar en regels zonder =.
    }
phase-gate = Nagaan wat moet kloppen voor er iets geschreven wordt
phase-pull = Images ophalen terwijl de server draait
phase-write = Instellingen schrijven, oude bestand bewaren
phase-compose-config = Compose leest het nieuwe bestand
phase-restart = Containers stoppen en starten
screen-phase-containers = Containers: { $up } van { $all } draaien weer
phase-up = De containers starten met de images die er zijn
phase-answer = Wachten tot de server antwoordt
phase-prove = Zien dat de draaiende server de instellingen heeft
phase-ask-cloud = De cloud naar het token vragen
phase-sign-in = Aanmelden op deze server
phase-save-connection = De verbinding opslaan
phase-remove-connection = De verbinding verwijderen
phase-trigger-sync = De synchronisatie starten
phase-read-status = Lezen hoe het ervoor staat
screen-phase-skipped = niet nodig
screen-run-as = als { $user }; gaat door zonder jou
screen-apply-done = Deze server kan nu met de { $region }-cloud praten.
screen-apply-done-restarted = De instellingen zijn geschreven; de server is herstart en antwoordt.
screen-apply-done-proved = De draaiende server heeft de nieuwe instellingen.
screen-apply-done-not-proved = Of de draaiende server de nieuwe instellingen heeft, was niet te zien: daarvoor zijn Docker-rechten nodig. Stap 4 toont het.
screen-apply-done-written = De instellingen zijn geschreven. Ze gelden na een herstart:
screen-apply-done-backup = Het oude bestand is bewaard:
screen-apply-done-next = Nu het token: stap 2 vraagt alleen een browser.
screen-apply-nothing-written = Er is niets geschreven.
screen-apply-failed-unknown = Het liep niet zoals gepland. Of de server antwoordt, is niet bekend.
screen-apply-failed-untouched = Het liep niet zoals gepland. De server is niet opnieuw gestart.
screen-apply-failed-up = Het ging niet zoals gepland. De server werkt.
screen-resume-running = Een eerdere run is onderbroken. bwsync kijkt hoe het ervoor staat.
screen-commands-none = Nog geen.
screen-commands-title = Elke opdracht die is uitgevoerd, zoals je die kunt typen
screen-apply-failed-down-now = De server ligt stil.
screen-undo-running = Zet de oude instellingen terug.
screen-undo-back = De oude instellingen staan terug in het bestand.
screen-undo-not-back = De instellingen zijn niet teruggezet.
screen-undo-up = De server antwoordt.
screen-undo-down = De server antwoordt niet.
screen-undo-not-seen = Of de server antwoordt is niet gezien.

## Stap 2

screen-obtain-who = Een eigenaar van de cloudorganisatie doet dit in een browser, waar dan ook.
screen-obtain-done = Deze server heeft al een token. Een nieuw is alleen nodig na "Token roteren".
screen-obtain-path = In de webapp van de cloud: productwisselaar › Admin Console › Facturering › Abonnement, gedeelte Zelfgehost:
screen-obtain-first = "Factureringssynchronisatie instellen"
screen-obtain-first-when = de eerste keer, of
screen-obtain-again = "Factureringstoken bekijken"
screen-obtain-again-when = als er al een is; blijft geldig
screen-obtain-then = daarna "Token genereren" of "Doorgaan", met het hoofdwachtwoord.
page-address = Het adres van die pagina:
screen-obtain-start = Begin hier; de pagina van de organisatie zelf is nog niet bekend:
screen-obtain-copy = Kopieer het token: 30 letters en cijfers. Het kan later weer getoond worden; alleen "Token roteren" maakt een oud token ongeldig.
screen-obtain-no-button = Geen zo'n knop?
screen-obtain-no-button-why = Dan ben je daar geen eigenaar, of is het geen Enterprise.

## Stap 3

screen-token-license = Licentie op deze server: { $plan }. Uploaden is niet nodig.
screen-token-license-missing = Er staat nog geen licentie op deze server. Upload die eerst: in de cloud vraagt { $download } naar het installatie-id; hier gaat ze erop als de organisatie aangemaakt wordt, of onder { $upload }.
screen-token-license-unknown = Of de licentie eerst geüpload moet worden, was niet te zien.
screen-label-download = "Licentie downloaden"
screen-label-upload = "Handmatig uploaden"
screen-token-label = Token
screen-token-empty = Plak het, of typ het pad van een bestand waar het in staat.
screen-token-short = { $n ->
    [one] Er ontbreekt 1 teken.
   *[other] Er ontbreken { $n } tekens.
}
screen-token-good = 30 letters en cijfers. Alleen de cloud weet of het klopt: Enter vraagt het.
screen-token-long = { $n ->
    [one] 1 teken te veel: een token heeft er 30.
   *[other] { $n } tekens te veel: een token heeft er 30.
}
screen-token-bad-character = Teken { $at } komt in geen token voor: alleen letters en cijfers.
screen-token-path = Enter leest het uit dit bestand.
screen-token-asking = vraagt het de cloud, { $span }
screen-token-accepted = De cloud aanvaardt het voor { $organization }.
screen-token-accepted-plain = De cloud aanvaardt het.
screen-token-not-asked = De cloud kon niet gevraagd worden. Dat zegt niets over het token.
screen-other-installation-key = 20 tekens: zo ziet een installatiesleutel eruit. Die blijft in global.override.env; het token komt uit stap 2.
screen-other-id = Dat is een id, geen token. Het token komt uit stap 2.
screen-other-personal-client-id = Dat is de client_id van een persoonlijke API-sleutel. Die hoort bij het aanmelden, hierna.
screen-other-organization-client-id = Dat is de API-sleutel van een organisatie. Die dient hier nergens voor; het token komt uit stap 2.
screen-other-installation-client-id = Dat is de client_id van een installatie. Het token komt uit stap 2.
screen-other-jwt = Dat is een ander soort token. Het factureringssynchronisatietoken komt uit stap 2.
screen-other-license = Dat is een licentiebestand. Dat wordt in de Admin Console geüpload, niet hier geplakt.
screen-other-address = Dat is een webadres. Het token staat op de pagina van stap 2.
screen-ways-who = Wie slaat het op {$server} op?
screen-ways-browser = Ik, in de browser
screen-ways-browser-more = Hier niet aanmelden. bwsync toont de klikken, en zegt wat het niet ziet.
screen-ways-key = bwsync, met de persoonlijke API-sleutel van een eigenaar hier
screen-ways-key-more = De eigenaar krijgt een mail: nieuw apparaat. De sleutel wordt niet bewaard.
screen-demo-token = In de demo: Enter op het lege veld haalt het uit dit bestand.
screen-demo-key = In de demo: Enter op de lege velden haalt hem uit dit bestand.
screen-browser-where = In de Admin Console van deze server, als eigenaar:
screen-browser-1 = Facturering › Abonnement, gedeelte "Licentie- en facturatiebeheer"
screen-browser-2 = Kies "Automatisch synchroniseren"
screen-browser-3 = "Factureringstoken beheren" (hulppagina: "Factureringssynchronisatie beheren")
screen-browser-4 = Plak het token, "Opslaan"
screen-browser-silent = Dat venster zegt niets als het mislukt: het blijft gewoon open.
screen-browser-unseen = Zonder aanmelding kan bwsync niet zien of het opgeslagen is. Stap 4 toont het: de licentie synchroniseert, of niet.

## Aanmelden

screen-login-title = Aanmelden op { $server } als eigenaar
screen-login-where = De persoonlijke API-sleutel van een eigenaar, van deze server en niet van de cloud: Instellingen › Beveiliging › Sleutels › "API-sleutel weergeven".
screen-login-mail = De eigenaar krijgt een mail over een nieuw apparaat, genoemd naar deze machine. De sleutel blijft alleen in het geheugen.
screen-login-id = client_id
screen-login-secret = client_secret
screen-login-hint = Of het pad van een bestand met BW_CLIENTID= en BW_CLIENTSECRET=.
screen-login-not-personal = Een persoonlijke API-sleutel begint met "user.".

## Stap 4

screen-sync-what = De synchronisatie haalt de licentie zoals die nu in de cloud is.
screen-sync-connection-saved = Het token is op deze server opgeslagen.
screen-sync-two-ways = Twee gelijke wegen:
screen-sync-key = bwsync start het
screen-sync-key-more = met de API-sleutel van een eigenaar
screen-sync-key-ready = je bent aangemeld
screen-sync-browser = Jij kiest "Licentie synchroniseren"
screen-sync-browser-more = daarna kijkt r opnieuw
sync-done = De licentie is gesynchroniseerd.
screen-sync-done-before = De licentie is { $ago } gesynchroniseerd.
sync-before = ervoor
sync-after = erna
label-last-sync = Laatste licentiesync
label-valid-to = Geldig tot
license-until = { $end } (+{ $days } d)
label-seats = Plaatsen
label-plan = Abonnement
license-no-limit = geen limiet
sync-only-asked = De licentie synchroniseert alleen als iemand erom vraagt: bwsync sync, of de knop "Licentie synchroniseren". Sponsoring verstuurt de server eens per dag.
screen-sync-members = Leden vinden nu "Gratis Bitwarden Families" in hun eigen instellingen. Een aanvraag heet "Aangevraagd" tot de dagelijkse ronde ze verstuurd heeft.
screen-sync-not-seen = Op deze server is niets gewijzigd.

## Status

status-never = Ingesteld voor zover te zien is, maar nooit gesynchroniseerd.
screen-status-unknown = Hoe de synchronisatie ervoor staat, was niet te zien.
screen-status-reading = Leest hoe het ervoor staat.
screen-status-last = laatste
screen-status-seen = gezien in
label-license-sync = Licentiesync
label-sponsorship-sync = Sponsoringsync
label-next = volgende
sync-next-asked = alleen als iemand erom vraagt: bwsync sync
sync-next-between = tussen { $after } en { $before } UTC
label-connection = Verbinding
connection-unseen-key = alleen te zien na aanmelden: k
connection-on = opgeslagen en ingeschakeld
connection-off = opgeslagen, maar uitgeschakeld
connection-empty = opgeslagen, maar zonder token
label-license = Licentie
screen-status-steps = Stappen
seen-log = log
seen-license-file = licentiebestand
seen-api = server

## Diagnose

screen-diagnose-good = Er is niets mis, voor zover er gekeken is.
screen-diagnose-running = Kijkt.
screen-diagnose-before-restart = Stap 1 is bezig. Wat hieronder staat, is daarvoor gezien.
screen-diagnose-here = Op deze machine

## Hulp

screen-help-title = Toetsen
screen-help-field = In een tekstveld werken alleen Enter, Tab, Esc en bewerken.

## Na het afsluiten

screen-bye-synced = bwsync: factureringssynchronisatie voor { $name } is ingesteld en gesynchroniseerd.
screen-bye-open = bwsync: factureringssynchronisatie voor { $name }: nu stap { $step } ({ $title }).
screen-bye-nothing = deze keer is niets gewijzigd
screen-bye-changed = gewijzigd
screen-bye-settings = { $count ->
    [one] 1 instelling
   *[other] { $count } instellingen
} in { $file }
screen-bye-connection = verbinding met de cloud
screen-bye-connection-tail = verbinding met de cloud (token eindigt op { $tail })
screen-bye-license = licentie
screen-bye-put-back = de oude instellingen staan terug
screen-bye-perhaps-connection = misschien de verbinding: de server zei het niet; bwsync status met de sleutel wel
screen-bye-perhaps-license = misschien de licentie: de server zei het niet; bwsync status met de sleutel wel
screen-bye-before = eerder
screen-bye-resume = volg
screen-bye-wrong = mis
screen-bye-running = bezig
screen-bye-running-restart = de herstart gaat door; bwsync resume zegt hoe het afliep
screen-bye-running-other = de server was nog bezig; bwsync status zegt wat hij heeft
screen-bye-undo = ongedaan
screen-bye-go-on = verder
screen-bye-look = bekijk
screen-bye-this-server = deze server
screen-plain-back = Enter gaat terug naar het volle scherm.

## De vier stappen

step-title-configure = Cloudcommunicatie inschakelen
step-title-obtain-token = Sync-token voor facturering ophalen
step-title-apply-token = Sync-token voor facturering toepassen
step-title-trigger-sync = Synchronisatie triggeren
step-tab-configure = Configureren
step-tab-obtain-token = Token ophalen
step-tab-apply-token = Token toepassen
step-tab-trigger-sync = Synchroniseren
step-note-looking = kijkt
step-note-configure-on = aan, { $value }
step-note-configure-running = bezig
step-note-configure-off = herstart: { $value } s geen webkluis
step-note-configure-restart = geschreven; herstart volgt nog
step-note-configure-region-open = de cloud zei niet welke regio
step-note-configure-other-region = niet ingesteld voor de { $value }
step-note-configure-unknown = kon niet bepaald worden
step-note-obtain-token-done = deze server heeft er een
step-note-obtain-token-accepted = je hebt er een die de cloud aanvaardt
step-note-obtain-token-owner = door een eigenaar, in de cloud
step-note-apply-token-done = opgeslagen op deze server
step-note-apply-token-missing = deze server heeft er nog geen
step-note-apply-token-license = eerst de licentie uploaden
step-note-apply-token-unknown = alleen te zien na aanmelden
step-note-trigger-sync-done = gesynchroniseerd
step-note-trigger-sync-done-at = laatst op { $value }
step-note-trigger-sync-never = nog nooit gesynchroniseerd
step-note-trigger-sync-unknown = onbekend tot stap 3

## Wat toetsen doen, zoals de toetsenregel het zegt

key-enter-step = stap { $value }
key-back = terug
key-back-kept = terug, bewaard
key-help = hulp
key-quit = stop
key-again = opnieuw
key-diagnose = diagnose
key-status = status
key-language = taal
key-apply = toepassen
key-apply-again = nogmaals
key-restart = herstarten
key-write = alleen schrijven
key-undo = ongedaan
key-anyway = toch doorgaan
key-region = regio kiezen
key-next-step = volgende stap
key-to-step-3 = stap 3
key-read-meanwhile = lees intussen stap 2
key-plain = afdrukken
key-plain-output = uitvoer
key-plain-command = { key-plain }
key-without-pull = zonder pull
key-up = zonder pull
key-plain-steps = { key-plain }
key-have-it = ik heb het
key-verify = vraag de cloud
key-ways = wie slaat op
key-choose-way = kies
key-token-field = token
key-saved-it = opgeslagen
key-sign-in = verder
key-other-field = ander veld
key-done = klaar
key-trigger = sync nu
key-trigger-again = nogmaals
key-look-again = opnieuw
key-refresh = ververs
key-see-more = aanmelden
key-choose-installation = deze
key-choose-organization = { key-choose-installation }
key-choose-region = { key-choose-installation }
key-yes-apply = ja
key-yes-write = { key-yes-apply }
key-yes-undo = { key-yes-apply }
key-yes-anyway = { key-yes-apply }
key-yes-leave = { key-yes-apply }
key-no = nee, terug

## Wat toetsen doen, zoals de hulp het zegt

key-about-go = verder, kiezen
key-about-back = terug; tekst blijft staan
key-about-next = volgend veld of lijst
key-about-move = bewegen, schuiven
key-about-sideways = vorige, volgende stap
key-about-page = schuiven
key-about-row = rij of stap bij nummer
key-about-apply = stap 1: schrijf, herstart
key-about-write = stap 1: alleen schrijven
key-about-undo = oude instellingen terug
key-about-anyway = doorgaan ondanks een fout
key-about-region = regio kiezen
key-about-again = opnieuw kijken
key-about-plain = kaal, om te kopiëren
key-about-sign-in = aanmelden: meer zien
key-about-trigger = synchronisatie starten
key-about-diagnose = wat er mis is
key-about-status = hoe de sync ervoor staat
key-about-commands = elke uitgevoerde opdracht
key-about-start-here = starten zonder pull
key-about-language = volgende taal
key-about-help = deze hulp
key-about-quit = stoppen
key-about-yes = ja, op een vraag
key-about-no = nee, op een vraag
key-about-interrupt = stoppen, overal
key-about-redraw = opnieuw tekenen

### ---- De opdrachtregel: oorzaken, advies, gegevens en wat opdrachten afdrukken. Hieronder toevoegen. ----

## Oorzaken: elk een hele zin die zegt wat waar is

cause-install-not-found = Hier is geen installatie van Bitwarden gevonden.
cause-install-ambiguous = Er is meer dan één installatie van Bitwarden, en het is niet duidelijk welke wordt bedoeld.
cause-install-not-readable = Je hebt geen rechten om de installatie te lezen.
cause-install-not-writable = Je hebt geen rechten om de instellingen van de installatie te schrijven.
cause-install-wrong-owner = Een bestand van de installatie is van een andere gebruiker dan de installatie zelf.
cause-install-unsupported-flavour = Dit soort installatie kan bwsync niet instellen.
cause-install-not-bitwarden = Dit is Vaultwarden, een andere server dan die van Bitwarden: synchronisatie met de cloud van Bitwarden is er niet voor.
cause-env-missing = Het bestand met instellingen global.override.env ontbreekt.
cause-env-unparsable = Het bestand met instellingen heeft een regel die Docker Compose weigert.
cause-env-crlf = Het instellingenbestand heeft de regeleinden van Windows.
cause-env-bom = Het instellingenbestand begint met een onzichtbare byte order mark.
cause-env-several-settings-on-one-line = Er staan meerdere instellingen op één regel, dus telt alleen de eerste.
cause-env-two-spellings = Een instelling staat er in twee schrijfwijzen, en welke telt, verschilt per keer dat de server start.
cause-env-duplicate-key = Een instelling staat er meer dan eens; de laatste telt.
cause-env-quoted-boolean = Een schakelaar staat tussen aanhalingstekens; waar die de server bereiken, start hij niet.
cause-env-misspelt-key = De naam van een instelling is verkeerd gespeld; de server negeert haar zonder iets te zeggen.
cause-env-interpolation = Een waarde bevat een dollarteken, waarmee Docker Compose iets anders invult.
cause-env-invalid-value = Een instelling heeft een waarde waarmee de server niet kan starten.
cause-env-not-effective = De draaiende server heeft niet de instellingen die in het bestand staan.
cause-config-cloud-communication-off = De communicatie met de Bitwarden-cloud is nog niet ingeschakeld.
cause-config-half-region = De instellingen horen bij twee regio's tegelijk.
cause-config-bad-url = Een adres in de instellingen is niet geldig.
cause-dns-not-found = De naam van een Bitwarden-host wordt niet gevonden: volgens de DNS bestaat die niet.
cause-dns-timeout = De DNS-server antwoordt niet.
cause-dns-server-failure = De DNS-server antwoordt met een eigen storing.
cause-tcp-refused = De verbinding wordt geweigerd.
cause-tcp-timeout = Op dat adres antwoordt niets; misschien gooit een firewall de pakketten weg.
cause-tcp-unreachable = Er is geen route naar dat adres.
cause-tcp-reset = De verbinding wordt verbroken zodra die er is.
cause-proxy-unreachable = De proxy is niet bereikbaar.
cause-proxy-auth-required = De proxy wil een gebruikersnaam en wachtwoord.
cause-proxy-denied = De proxy laat de verbinding niet door.
cause-tls-intercepted = Iets ontsleutelt de TLS-verbinding met Bitwarden.
cause-tls-untrusted = Het certificaat is uitgegeven door een partij die hier niet wordt vertrouwd.
cause-tls-expired = Het certificaat is verlopen.
cause-tls-not-yet-valid = Het certificaat is nog niet geldig.
cause-tls-name-mismatch = Het certificaat is voor een andere naam.
cause-tls-handshake = De TLS-verbinding komt niet tot stand.
cause-http-block-page = Een webfilter antwoordt in plaats van Bitwarden.
cause-http-redirected = Het verzoek wordt omgeleid naar een ander adres, en dat doet Bitwarden niet.
cause-http-unexpected-status = Het antwoord is er geen dat Bitwarden geeft.
cause-http-server-error = De host antwoordt dat hij zelf een storing heeft.
cause-http-rate-limited = Er kwamen te veel verzoeken van dit adres; de host wil dat we wachten.
cause-http-get-with-body-blocked = Iets onderweg weigert het licentieverzoek, dat een GET met een inhoud is.
cause-http-timeout = De host nam het verzoek aan en antwoordde niet op tijd.
cause-installation-id-missing = In de instellingen staat geen bruikbare installatie-id.
cause-installation-id-unknown = Geen enkele regio van de Bitwarden-cloud kent deze installatie-id.
cause-installation-wrong-region = De server is ingesteld voor een andere regio dan waar de installatie-id bij hoort.
cause-installation-disabled = De Bitwarden-cloud heeft deze installatie-id uitgeschakeld.
cause-installation-key-rejected = De Bitwarden-cloud weigert de installatiesleutel.
cause-license-missing = Er is nog geen organisatielicentie naar deze server geüpload.
cause-license-unreadable = Het licentiebestand is niet te lezen.
cause-license-trailing-data = In het licentiebestand staat meer dan de licentie, en daar struikelt de server over.
cause-license-expired = De licentie is verlopen.
cause-license-not-yet-valid = De licentie is nog niet geldig.
cause-license-wrong-installation = De licentie is gemaakt voor een andere installatie-id.
cause-license-version-unsupported = De licentie is nieuwer dan deze server begrijpt.
cause-license-org-disabled = De organisatie is uitgeschakeld.
cause-license-plan-without-sync = Het abonnement van de organisatie heeft geen factureringssynchronisatie.
cause-license-plan-shrank = De organisatie gebruikt meer dan de nieuwe licentie toestaat.
cause-license-duplicate-key = Een andere organisatie op deze server heeft deze licentie al.
cause-license-stale-key = De licentie op deze server is verouderd: de licentiesleutel is niet meer die van de organisatie.
cause-license-organization-not-in-region = Deze regio van de cloud kent de organisatie van de licentie niet.
cause-license-payment-issue = De cloud geeft geen licentie omdat er een betaling openstaat.
cause-license-no-subscription = De organisatie heeft geen abonnement in de cloud.
cause-license-wrong-kind = Deze licentie is niet voor een organisatie.
cause-license-not-writable = De server kan de ontvangen licentie niet opslaan.
cause-server-not-seen = Of de zelfgehoste server antwoordt, was niet te zien.
cause-server-down = De zelfgehoste server antwoordt niet.
cause-server-starting = De zelfgehoste server is nog aan het starten.
cause-server-unhealthy = De zelfgehoste server antwoordt, maar een deel ervan werkt niet.
cause-server-tls-untrusted = Het certificaat van de zelfgehoste server wordt hier niet vertrouwd.
cause-server-unreachable-by-name = De server is vanaf deze machine niet bereikbaar onder zijn naam, maar antwoordt wel op zijn eigen poort.
cause-server-not-bitwarden = Wat op het adres van de server antwoordt, is niet Bitwarden.
cause-server-not-self-hosted = Dat adres is de Bitwarden-cloud, niet een zelfgehoste server.
cause-login-api-key-rejected = De zelfgehoste server weigert deze API-sleutel.
cause-login-not-owner = Dit account is geen eigenaar van de organisatie op deze server.
cause-login-org-not-found = De zelfgehoste server kent deze organisatie niet.
cause-login-client-version-refused = De zelfgehoste server wil een nieuwere client dan deze versie van bwsync.
cause-login-device-refused = De zelfgehoste server accepteert deze machine niet als nieuw apparaat.
cause-login-legacy-account = Dit account heeft nog een oude vorm van versleuteling en moet eerst inloggen op de webapp.
cause-token-wrong-kind = Dit is geen sync-token voor facturering maar iets anders.
cause-token-malformed = Dit is geen volledig sync-token voor facturering: dat heeft 30 letters en cijfers.
cause-token-rejected = De Bitwarden-cloud weigert het sync-token voor facturering.
cause-token-never-generated = Voor deze organisatie is in de cloud nog nooit een sync-token voor facturering gegenereerd.
cause-connection-missing = Op deze server is nog geen sync-token voor facturering opgeslagen.
cause-connection-disabled = De verbinding met de cloud is op deze server opgeslagen, maar uitgeschakeld.
cause-connection-empty-token = De verbinding met de cloud is op deze server opgeslagen zonder token.
cause-connection-stale-organization = De opgeslagen verbinding wijst naar een andere cloudorganisatie dan de licentie.
cause-sync-never = De licentie is nog nooit gesynchroniseerd.
cause-sync-refused = De server kon de licentie niet synchroniseren.
cause-restart-script-missing = Het script dat de server opnieuw start, bitwarden.sh, ontbreekt.
cause-restart-script-not-a-script = Het bestand bitwarden.sh is geen script.
cause-restart-script-not-executable = De eigenaar van de installatie mag bitwarden.sh niet uitvoeren.
cause-restart-script-of-others = Een andere gebruiker kan het script veranderen dat voor de herstart draait.
cause-restart-prompt-mid-restart = De geïnstalleerde run.sh stelt midden in een herstart een vraag, en dan zou de server stil blijven liggen.
cause-restart-port-in-use = Iets anders houdt een poort bezet die voor de herstart nodig is.
cause-restart-env-refused = Docker Compose zou de server niet starten met dit bestand met instellingen.
cause-restart-registry-unreachable = Het register met images antwoordt niet, dus na een herstart zou de server stil blijven liggen.
cause-restart-registry-refused = Het register met images antwoordt en weigert de images, dus na een herstart zou de server stil blijven liggen.
cause-restart-pull-failed = De herstart stopte omdat de images niet konden worden opgehaald.
cause-restart-script-failed = De herstart eindigde met een fout, maar de server antwoordt en is even goed als daarvoor.
cause-restart-compose-failed = Docker Compose eindigde met een fout.
cause-restart-container-unhealthy = Een deel van de server kwam na de herstart niet op gang.
cause-restart-container-ended = Een deel van de server blijft na de herstart niet draaien.
cause-restart-disk-full = De schijf is vol.
cause-restart-docker-unreachable = Docker antwoordt deze gebruiker niet.
cause-restart-pending = De instellingen zijn geschreven, maar de server is sindsdien niet opnieuw gestart.

## Advies: wat je nu kunt doen

## What became of the settings file after a restart that did not come out well

file-back-up = Het oude instellingenbestand staat er weer, en de server draait ermee.
file-back-down = Het oude instellingenbestand staat er weer. De server is ermee gestart en antwoordt nog steeds niet.
file-back-unknown = Het oude instellingenbestand staat er weer, en de server is ermee gestart. Of hij antwoordt, is niet bekend.
file-ours-back = Iemand heeft het instellingenbestand intussen gewijzigd: dat blijft staan, en de instellingen die bwsync schreef zijn teruggedraaid.
file-not-back = Wat geschreven is, heeft de server gestopt, en het oude bestand kon niet worden teruggezet: iemand heeft het intussen gewijzigd, of het is niet schrijfbaar.
file-stays-unproven = Het instellingenbestand blijft zoals het geschreven is: niets wijst erop dat het daaraan ligt.
file-stays-other = Het instellingenbestand blijft zoals het geschreven is: wat de server stopte, is een instelling die deze keer niet is geschreven.

advice-point-to-installation = Geef aan waar die staat: --dir en de map waarin bwdata staat.
advice-point-to-server = Geef het adres van je eigen Bitwarden-server: --server, of url in config.yml. Naar dit adres is geen sleutel gestuurd.
advice-choose-installation = Geef met --dir aan welke wordt bedoeld.
advice-choose-organization = Geef met --org aan welke organisatie wordt bedoeld.
advice-choose-region = Noem de regio met --region us of --region eu.
advice-run-as-owner = Voer het uit als de eigenaar van de installatie:
advice-fix-env-file = Verbeter die regel van het bestand.
advice-remove-spelling = Houd een van de twee schrijfwijzen en verwijder de andere.
advice-split-line = Zet elke instelling op een eigen regel.
advice-unix-line-ends = Sla het bestand op met de regeleinden van Unix (in vi: :set ff=unix).
advice-remove-bom = Sla het bestand op zonder byte order mark (in vi: :set nobomb).
advice-rename-setting = Schrijf de naam zoals verwacht, of haal de regel weg als de instelling er al staat.
advice-quote-dollar = Schrijf elke $ van de waarde dubbel, of zet de waarde tussen enkele aanhalingstekens.
advice-fix-compose-override = Haal de instelling uit docker-compose.override.yml, of geef haar daar de verwachte waarde.
advice-set-here = Stel het in dit bestand in.
advice-apply-settings = Laat bwsync de instellingen schrijven en opnieuw starten:
advice-check-dns = Bekijk de DNS van deze machine: die moet openbare namen kunnen vinden.
advice-open-firewall = Laat de firewall poort 443 naar deze host doorlaten.
advice-check-proxy = Bekijk de proxy-instellingen (HTTPS_PROXY, NO_PROXY), en vraag het aan wie de proxy beheert.
advice-exempt-from-inspection = Laat deze host buiten de TLS-inspectie, of maak het rootcertificaat van de inspectie bekend bij de server.
advice-trust-root = Maak het rootcertificaat bekend:
advice-check-clock = Vergelijk de klok van deze machine met de juiste tijd.
advice-wait-and-retry = Wacht even en probeer het opnieuw.
advice-new-installation-id = Haal een installatie-id en -sleutel voor deze regio op bitwarden.com/host, en zet beide in global.override.env (globalSettings__installation__id en __key):
advice-ask-support = Vraag het aan de ondersteuning van Bitwarden.
advice-upload-license = Download de licentie in de beheerconsole van de cloud en upload die op deze server.
advice-renew-plan = Bekijk het abonnement van de organisatie in de cloud.
advice-start-server = Start de server:
advice-start-without-pull = Start de containers zonder images op te halen:
advice-continue = Laat de stilgezette herstart verdergaan:
advice-look-at-logs = Bekijk de logboeken van de server:
advice-give-ca-certificate = Geef het certificaat van de uitgever met --cacert BESTAND.
advice-give-api-key = Geef de persoonlijke API-sleutel van een eigenaar op deze server: --api-key-file BESTAND.
advice-use-owners-key = Gebruik de persoonlijke API-sleutel van een eigenaar, uit de webapp van deze server: Instellingen, Beveiliging, Sleutels.
advice-generate-token = Laat een eigenaar van de organisatie het token in de cloud tonen of genereren:
advice-paste-whole-token = Kopieer het hele token: 30 letters en cijfers, verder niets.
advice-save-token = Sla het token op deze server op:
advice-trigger-sync = Synchroniseer de licentie:
advice-restart-server = Start de server opnieuw:
advice-restore-script = Zet Bitwardens eigen bitwarden.sh terug.
advice-renew-run-script = Haal de huidige run.sh op, die niets vraagt:
advice-free-port = Maak de poort vrij.
advice-remove-leftover = Verwijder de container die is blijven staan:
advice-name-server = Geef het adres van de server met --server https://…, zoals de browser het heeft.
advice-set-elsewhere = Stel dit in waar dit soort installatie zijn instellingen bewaart, en herstart die op de eigen manier:
advice-make-executable = Maak het script uitvoerbaar:
advice-give-script-back = Kijk wat daar staat en neem het de andere gebruiker dan uit handen:
advice-free-disk = Maak ruimte vrij op de schijf.
advice-update-server = Werk de server bij, na een back-up van bwdata.
advice-give-docker-rights = Voer het uit als een gebruiker die Docker mag gebruiken, of als root.
advice-online = Laat --offline weg, zodat het gevraagd kan worden.
advice-undo = Zet de oude instellingen terug:
advice-write-only = Schrijf alleen de instellingen, en start zelf opnieuw:
screen-advice-step = { $advice } Stap { $n } doet dat.

## Gegevens: labels van wat is gezien

evidence-host = Host
evidence-address = Adres
evidence-port = Poort
evidence-path = Pad
evidence-line = Regel
evidence-column = Kolom
evidence-key = Instelling
evidence-value = Waarde
evidence-owner = Eigenaar
evidence-group = Groep van het bestand
evidence-mode = Rechten op het bestand
evidence-label = SELinux-label
evidence-containers = Containers draaien als
evidence-compose = Compose
evidence-started = Laatst gestart
evidence-status = HTTP-status
evidence-issuer = Uitgegeven door
evidence-subject = Uitgegeven aan
evidence-not-before = Geldig vanaf
evidence-not-after = Geldig tot
evidence-status-restart = Exitcode
evidence-location = Omgeleid naar
evidence-content-type = Soort antwoord
evidence-message = Het zegt
evidence-reason = Reden
evidence-errno = Systeemfout
evidence-proxy = Proxy
evidence-region = Regio
evidence-organization = Organisatie
evidence-candidates = Kandidaten
evidence-candidates-install-not-found = Gezocht in
evidence-candidates-tls-name-mismatch = Geldig voor
evidence-candidates-install-ambiguous = Gevonden
evidence-candidates-restart = Deel van de server
evidence-candidates-env-invalid-value = { evidence-candidates-restart }
evidence-candidates-server-down = { evidence-candidates-restart }
evidence-candidates-server-not-seen = Containers
evidence-value-token-malformed = Tekens
evidence-value-token-wrong-kind = { evidence-kind }
evidence-expected-token-malformed = Tekens verwacht
evidence-value-license-expired = Abonnement
evidence-expected = Verwacht
evidence-region-installation-wrong-region = Het id hoort bij
evidence-key-installation-wrong-region = Gezet voor een andere
evidence-retry-after = Wachttijd (s)
evidence-words = In eigen woorden
evidence-note = Opmerking
evidence-lines = Regels
evidence-also = Ook aanwezig
evidence-reader = Anders gelezen door
evidence-kind = Wat het is

## Waarom een instelling verandert

why-enable = laat de server met de cloud praten
why-missing-for-region = ontbreekt voor deze regio
why-other-region = had de waarde van een andere regio
why-invalid = had een waarde die de server niet kan gebruiken
why-quoted = stond tussen aanhalingstekens, die niet elke lezer weghaalt
why-put-back = wordt teruggezet zoals het was
why-disable = zet de communicatie met de cloud uit

## Redenen en opmerkingen bij de gegevens

reason-closed = de verbinding werd gesloten zonder antwoord
reason-broken-answer = het antwoord brak af
reason-no-host = er staat geen hostnaam in
reason-no-port = er staat geen poort in
reason-plain-http = het is gewoon http, en niet op deze machine
reason-scheme = het is geen webadres
reason-not-http = wat antwoordt, spreekt geen HTTP
reason-not-tls = wat antwoordt, spreekt geen TLS
reason-broken-message = het TLS-gesprek is onderweg verminkt
reason-nothing-in-common = er is geen TLS-versie of versleuteling die beide kanten kennen
reason-no-protocol-version = er is geen bruikbare TLS-versie
reason-certificate = het certificaat is niet bruikbaar
reason-head-too-large = de kop van het antwoord is veel te groot
reason-timeout = geen antwoord op tijd
reason-target-unreachable = de proxy kan de host zelf niet bereiken
reason-unsupported-scheme = dit soort proxy wordt niet ondersteund
reason-offline = --offline: er is niets gevraagd
reason-request = het verzoek zelf werd geweigerd
reason-client = deze gegevens zijn niet bekend
reason-bearer-refused = het inloggen lukte, wat daarop volgde niet
reason-not-an-id = het is geen id
reason-not-a-boolean = het moet true of false zijn
reason-not-a-number = het moet een getal zijn
reason-edit-would-change-other-settings = door het te schrijven zou ook een andere instelling veranderen
reason-space-in-key = er staat een spatie in de naam
reason-unexpected-character = er staat een teken dat daar niet hoort
reason-unterminated-quote = een aanhalingsteken is niet gesloten
reason-bad-reference = een {"${…}"}-verwijzing is niet geschreven zoals Compose die leest
reason-missing-variable = een variabele die er moet zijn, ontbreekt
reason-nothing-to-export = na export staat geen naam
reason-too-large = het is veel te groot
reason-too-deep = verwijzingen leiden eindeloos naar verwijzingen
reason-empty = het is leeg
reason-not-json = het is geen JSON
reason-camel-case = het is geschreven met kleine beginletters, zoals een API antwoordt, niet zoals een licentiebestand
reason-key = een veld heeft niet de vorm die het moet hebben
reason-token = het ondertekende token is niet te lezen
reason-open-to-others = iedereen mag daar schrijven
reason-symlink-of-another-user = een symbolische koppeling van een andere gebruiker leidt erheen
reason-lite = een Lite-installatie, in één container
reason-not-a-file = het is geen bestand
reason-no-shebang = de eerste regel noemt geen programma dat het uitvoert
reason-html = een HTML-pagina
reason-inodes = er kunnen daar geen bestanden meer bij
reason-windows = Windows, met bitwarden.ps1
reason-helm = Kubernetes, met de Helm-chart
reason-vaultwarden = Vaultwarden
reason-demo = in de demo wordt alleen gevraagd wat is nagebootst
reason-connect-to = elders bereikt, zoals --connect-to zegt
reason-address-unanswered = andere adressen van de naam antwoordden niet
reason-own-name-resolves = de naam is hier ook te vinden
reason-own-name-left-to-proxy = de naam wordt aan de proxy overgelaten
reason-subscription = het abonnement is voorbij
reason-token-license-expired = het jaar van de licentie zelf is om; het abonnement loopt door
reason-expired = de geldigheid is voorbij
reason-not-yet-valid = de geldigheid is nog niet begonnen
reason-name = het is voor een andere naam
reason-unknown-issuer = de uitgever is hier niet bekend
reason-bad-signature = de handtekening klopt niet
reason-revoked = het is ingetrokken
reason-not-readable = het is niet te lezen
reason-wrong-purpose = het is voor een ander doel gemaakt
reason-not-a-server-certificate = het is geen certificaat van een server zelf
reason-not-accepted = het wordt niet geaccepteerd
reason-no-roots = er zijn geen rootcertificaten om het mee te vergelijken
reason-too-many-certificates = de keten is veel te lang
reason-empty-key = voor de = staat geen naam
reason-host = het is geen hostnaam
reason-invalid-client = invalid_client: de id en de sleutel horen niet bij elkaar
reason-not-utf8 = bytes die geen UTF-8 zijn
reason-same-value = wat er staat, geldt toch al
reason-config-push-disabled-on-purpose = Push is met opzet uitgeschakeld; het synchroniseren van de facturering heeft het niet nodig.
reason-env-read-otherwise = Een ander programma leest deze regel anders.
reason-config-region-spelling = Apps vergelijken de regio letter voor letter: schrijf haar in hoofdletters, zonder spaties.

## Wat er in plaats van een token is gegeven

other-installation-key = een installatiesleutel; die hoort in global.override.env
other-id = een installatie- of organisatie-id
other-personal-client-id = de client_id van een persoonlijke API-sleutel
other-organization-client-id = de client_id van de API-sleutel van een organisatie
other-installation-client-id = de client_id van een installatie
other-jwt = een bearer- of licentietoken, geen sync-token voor facturering
other-license = de tekst van een licentiebestand; upload het op deze server
other-address = een webadres

## Wat opdrachten afdrukken

cli-asking = Wordt gevraagd: { $hosts }.
cli-server-down = De server ligt stil.
cli-server-up = De server antwoordt.
cli-phase-failed = Mislukt: { $phase }
cli-phase-skipped = Niet nodig of niet mogelijk: { $phase }

unknown = onbekend
never = nooit
cli-not-set = (niet ingesteld)
age-now = zojuist
age-minutes = { $count } min geleden
age-hours = { $count } u geleden
age-days =
    { $count ->
        [one] { $count } dag geleden
       *[other] { $count } dagen geleden
    }
age-in-minutes = over { $count } min
age-in-hours = over { $count } u
age-in-days =
    { $count ->
        [one] over { $count } dag
       *[other] over { $count } dagen
    }
license-seats =
    { $count ->
        [one] { $count } plaats
       *[other] { $count } plaatsen
    }
cli-next = Daarna:
cli-nothing-changed = Er is niets gewijzigd.

cli-fact-version = Versie
cli-fact-owner = Eigenaar
cli-fact-server = Server
cli-fact-file = Bestand
cli-fact-backup = Oude bestand in

cli-check-ok = Alles wat is gecontroleerd, is in orde.
cli-check-to-do = Er is niets mis. Er moet nog iets gebeuren.
cli-check-warning = Er is niets kapot. Iets verdient aandacht.
cli-check-failed =
    { $count ->
        [one] Er is één ding mis.
       *[other] Er zijn { $count } dingen mis.
    }
cli-check-unknown = Het is niet te achterhalen.
cli-check-nothing-checked = Er is niets gecontroleerd.
cli-check-count = Controles: { $checks }. Oorzaken: { $causes }.
cli-follows-from = volgt uit { $row }
from-file = In de bestanden van de installatie
from-machine = Vanaf deze machine
from-container = Vanuit de containers
from-server = Vanuit de server
from-log = Uit het logboek van de server
target-install = installatie
target-env = instellingen
target-license = licentie
target-identity = identity
target-api = api
target-push = push
target-registry = register
target-server = server
target-restart = herstart
target-connection = verbinding
target-sync = sync
stage-name = naam
stage-connect = verbinden
stage-proxy = proxy
stage-tls = TLS
stage-http = HTTP
stage-sign-in = aanmelden
stage-license = licentie
stage-clock = klok
stage-syntax = syntaxis
stage-values = waarden
stage-region = regio
stage-state = toestand
state-passed = goed
state-warning = let op
state-failed = mislukt
state-to-do = te doen
state-skipped = overgeslagen
state-running = bezig
state-unknown = onbekend

cli-plan-nothing = Er zou niets veranderen: de instellingen zijn zoals het moet.
cli-plan-restart-only = De instellingen kloppen, maar de draaiende server heeft ze nog niet.
cli-plan-changes =
    { $count ->
        [one] Eén instelling zou veranderen in { $path }.
       *[other] { $count } instellingen zouden veranderen in { $path }.
    }
cli-plan-next = Zo pas je het toe:
cli-restart-as = De instellingen gelden na een herstart, als de gebruiker { $user }:
cli-restart-after = De instellingen gelden na een herstart:
cli-restart-cost = Een herstart duurt ongeveer { $seconds } s: geen webkluis, geen nieuwe aanmeldingen, niets opslaan.
cli-consent = Er is nog niets gewijzigd. Precies dit doen? [j/N]
cli-yes-letters = j
cli-not-consented = Je hebt geen ja gezegd. Er is niets gewijzigd.

cli-apply-nothing = Niets te doen: de instellingen zijn zoals het moet.
cli-apply-written = De instellingen zijn geschreven. De server is niet opnieuw gestart.
cli-apply-proved = De instellingen zijn geschreven, en de draaiende server heeft ze.
cli-apply-restarted = De server is opnieuw gestart en heeft de instellingen.
cli-apply-unproved = De server is opnieuw gestart en antwoordt. Of hij de instellingen heeft, was niet te zien.
cli-apply-refused = Er is niets gewijzigd.
cli-failed-down = Niet alles ging goed, en de server antwoordt niet.
cli-failed-up = Niet alles ging goed. De server antwoordt.
cli-failed-unknown = Niet alles ging goed. Of de server antwoordt, is niet bekend.
cli-failed-untouched = Niet alles ging goed. De server is niet opnieuw gestart.
cli-undo-with = Zo draai je het terug:
cli-undo-nothing = Er is niets terug te zetten.
cli-undo-would =
    { $count ->
        [one] Eén instelling zou worden teruggezet zoals die was.
       *[other] { $count } instellingen zouden worden teruggezet zoals ze waren.
    }
cli-undo-done = De instellingen zijn zoals ze waren voordat je ze toepaste.
cli-undo-done-except = Wat bwsync had ingesteld, is teruggezet, behalve wat sindsdien is gewijzigd.
cli-undo-done-restarted = De instellingen zijn zoals ze waren voordat je ze toepaste, en de server is opnieuw gestart.
cli-undo-left = Niet teruggezet, omdat het sindsdien is gewijzigd: { $key }
cli-undo-connection-stays = Een verbinding die op de server is opgeslagen, blijft bestaan.
cli-disable-would = Dit zou de factureringssynchronisatie terugdraaien: de verbinding, dan de schakelaar.
cli-disable-nothing = Niets terug te draaien: er is geen verbinding opgeslagen en de communicatie staat uit.
cli-disable-done = De factureringssynchronisatie is teruggedraaid.
cli-disable-rotate = Het token stond op deze server: kies in de cloud "Token roteren", zodat niemand het nog kan gebruiken.
cli-resume-up = De herstart is klaar en de server antwoordt.
cli-resume-written = De instellingen zijn geschreven; de server is nog niet herstart.
cli-resume-before = Er is niets veranderd: het bestand is zoals het was.

cli-token-accepted = De cloud accepteert dit token. Er is niets opgeslagen.
cli-token-saved = De cloud accepteert dit token, en de server heeft de verbinding opgeslagen.
cli-token-saved-unverified = De server heeft de verbinding opgeslagen. De cloud kon niet naar het token worden gevraagd.
cli-token-saved-rejected = De server heeft de verbinding opgeslagen, maar de cloud weigert het token.
cli-token-accepted-not-saved = De cloud accepteert dit token, maar de verbinding is niet opgeslagen.
cli-token-rejected = De cloud accepteert dit token niet. Er is niets opgeslagen.
cli-token-is-none = Dit is geen sync-token voor facturering. Er is niets opgeslagen.
cli-token-not-asked = Of de cloud dit token accepteert, is niet bekend. Er is niets opgeslagen.

sync-not-done = De licentie is niet gesynchroniseerd.

status-works = Factureringssynchronisatie is ingesteld; de licentie is { $age } gesynchroniseerd.
status-set-up = Factureringssynchronisatie is ingesteld.
status-broken = Er is een probleem met de factureringssynchronisatie.
status-synced-rest-unknown = De licentie is { $age } gesynchroniseerd; de rest was niet te zien.
status-unknown = Hoe de factureringssynchronisatie ervoor staat, is niet helemaal bekend; van { $done } van de 4 stappen is bekend dat ze klaar zijn.
step-done = klaar
sync-next-about = omstreeks { $at } UTC
sync-next-after = na { $at } UTC
sync-next-before = voor { $at } UTC
seen-in = gezien in: { $places }
connection-unseen = onbekend; met de API-sleutel van een eigenaar is dat te zien (--api-key-file)
connection-none = op deze server is er geen opgeslagen
connection-saved = opgeslagen; of die is ingeschakeld, is onbekend

## Waarom een opdracht niet wordt uitgevoerd

cli-bad-variable = De variabele { $name } is niet bruikbaar: { $why }.
cli-secret-as-argument = Een geheim wordt niet als argument aangenomen: het staat nu in de geschiedenis van de shell, en elke gebruiker van deze machine kan het zien in de lijst van processen. Zet het in een bestand dat alleen jij kunt lezen en geef --token-file BESTAND of --api-key-file BESTAND, of geef - en het geheim via de standaardinvoer. Ga ervan uit dat dit geheim is gezien.
cli-stdin-twice = De standaardinvoer (-) kan maar één keer worden gelezen: geef een van de twee geheimen als bestand.
cli-stdin-is-terminal = De standaardinvoer (-) is een terminal, waarop een geheim zichtbaar zou zijn. Laat de optie weg om ernaar gevraagd te worden zonder dat het te zien is, of gebruik een pipe.
cli-secret-unreadable = { $path } is niet te lezen: { $why }
cli-secret-not-a-file = { $path } is geen bestand en geen pipe.
cli-secret-foreign-owner = { $path } is van een andere gebruiker, die er van alles in kan hebben gezet. Een bestand met een geheim moet van jou of van root zijn.
cli-secret-open-to-others = Anderen kunnen { $path } lezen of wijzigen. Maak het alleen van jou: chmod 600 { $path }
cli-secret-too-large = { $path } is veel groter dan een geheim. Is het het juiste bestand?
cli-secret-not-text = In { $path } staat geen tekst. Is het het juiste bestand?
cli-api-key-unreadable = { $path } heeft niet de vorm van een bestand met een API-sleutel, twee regels: BW_CLIENTID=… en BW_CLIENTSECRET=…
cli-missing =
    { $count ->
        [one] Dit ontbreekt: { $flags }. De hele opdracht:
       *[other] Deze ontbreken: { $flags }. De hele opdracht:
    }
cli-ask-token = Sync-token voor facturering (wordt niet getoond):
cli-ask-client-id = client_id van de persoonlijke API-sleutel van een eigenaar op deze server (user.…):
cli-ask-client-secret = De client_secret daarvan (wordt niet getoond):
cli-not-written = Het resultaat kon niet worden weggeschreven: { $error }
cli-interrupted = Onderbroken.
cli-restart-stopped = De herstart is van buitenaf stilgezet. Zo gaat hij verder: kill -CONT -{ $pid }
cli-hung-up = De terminal is weggevallen.
cli-terminated = Van buitenaf beëindigd.
cli-stands-settings = De instellingen zijn geschreven; met bwsync undo draai je ze terug.
cli-stands-connection = De verbinding is opgeslagen.
cli-stands-license = De licentiesynchronisatie is gestart.
cli-stands-connection-perhaps = De verbinding is misschien gewijzigd: de server had nog niet geantwoord. bwsync status --api-key-file FILE zegt wat hij heeft.
cli-stands-license-perhaps = De licentiesynchronisatie is misschien gedaan of nog bezig: de server had nog niet geantwoord. bwsync status --api-key-file FILE zegt wanneer de laatste was.
cli-waits-for-answer = Wacht tot de server zegt wat hij gedaan heeft; nog een keer stopt meteen.
cli-stands-restarting = De herstart gaat door zonder bwsync; bwsync resume volgt hem tot het eind.
cli-wizard-needs-a-person = De wizard heeft iemand aan een terminal nodig: geef anders een opdracht (bwsync --help).
cli-terminal-is-dumb = Deze terminal kan de wizard niet tonen (TERM). Deze opdrachten doen hetzelfde zonder wizard:
cli-demo-in-demo = De demo draait al: geef een andere opdracht na --.
cli-demo-unknown-scenario = Er is geen scenario { $name }. Deze zijn er:

## Waarom een verzoek eindigde, waar dat geen oorzaak is

problem-region-open = De regio was niet vast te stellen. Noem die met --region us of --region eu: daar staat het cloudaccount van je organisatie.
problem-region-contradicted = --region zegt iets anders dan de cloud: de installatie-id hoort bij de { $region }-cloud. Laat --region weg.
problem-region-contradicted-by-file = --region zegt iets anders dan het bestand, dat is ingesteld voor de { $region }-cloud.
problem-locked = Hier is al een andere bwsync bezig: { $holder }.
problem-locked-restart = Een herstart die hier is begonnen gaat vanzelf verder: { $holder }. Zo volgt u hem tot het eind:
problem-changed-since-plan = Het bestand is gewijzigd nadat het plan was gemaakt. Er is niets geschreven. Dit is het nieuwe plan:
problem-nothing-to-undo = Er is niets toegepast dat teruggedraaid kan worden.
problem-nothing-to-resume = Hier is geen run van bwsync onderbroken.
problem-organization-open = Het is niet duidelijk welke organisatie wordt bedoeld. Noem die met --org: de id op deze server of in de cloud. Deze zijn er: { $choices }
problem-api-key-missing = Hiervoor is de persoonlijke API-sleutel van een eigenaar op deze server nodig: --api-key-file BESTAND.
problem-cannot-restart = bwsync kan deze server niet zelf opnieuw starten. Voer deze in deze volgorde uit:
problem-root-installation = Deze installatie is van root, dus zou de herstart als root draaien. Als dat zo bedoeld is: --accept-risk root-installation.
problem-offline = Dit kan niet zonder contact met hosts waarmee hier geen contact mag worden gemaakt.
problem-unheard-connection = Het token is naar de server gestuurd, en de server zei niet of hij het heeft opgeslagen: de verbinding is misschien opgeslagen. bwsync status --api-key-file FILE zegt wat de server heeft.
problem-unheard-sync = De synchronisatie is gestart, en de server zei niet hoe het afliep: misschien is ze gedaan, misschien nog bezig. bwsync status --api-key-file FILE zegt wanneer de laatste was.
problem-token-unverified = De cloud kon niet naar dit token gevraagd worden, dus is het niet opgeslagen. Toch opslaan: --accept-risk unverified-token.
problem-timed-out = De tijd van --timeout was om voordat alle antwoorden er waren.
problem-unexpected = Er ging iets mis wat niet had moeten gebeuren: { $chain }

### English. Every other language has the same messages with the same arguments: the build checks it.
### Labels of Bitwarden's web app stand as the web app shows them in this language.

## The program

language-name = English

### ---- The command line: causes, advice, evidence and what commands print. Append below. ----

### Nederlands. Dezelfde berichten met dezelfde argumenten als en.ftl: de build controleert het.
### Labels van de webapp van Bitwarden staan er zoals de webapp ze in het Nederlands toont.

## Het programma

language-name = Nederlands

### ---- De opdrachtregel: oorzaken, advies, gegevens en wat opdrachten afdrukken. Hieronder toevoegen. ----
